import { newestApplied } from "./current.ts";
import { downgradeRows } from "./downgrade-rows.ts";
import type { Index } from "./edges.ts";
import { AmbiguousWalkError, InvalidTargetError, RangeNotAncestorError } from "./errors.ts";
import { basesOf } from "./heads.ts";
import { idAt, idsAt, type Links } from "./links.ts";
import { lookUp, lookUpBranch } from "./lookup.ts";
import { newestFirst } from "./order.ts";
import type { PlanDowngradeOptions, Step } from "./plan.ts";
import { ancestors, anyMarked, descendants, type Marks } from "./reach.ts";
import { parseRelativeTarget, type RelativeTarget } from "./relative-target.ts";
import { rowsTimeline } from "./rows-timeline.ts";
import { keptTo, onLine, oneRevisionOf, refuseRange } from "./target.ts";
import { appliedAt, knownVersions } from "./versions.ts";
import { walkDown, walkUp, type Place } from "./walk.ts";

/** Where a downgrade goes, and the branch it is kept to. */
interface Destination {
  readonly text: string;
  /** Undefined: base. */
  readonly index: Index | undefined;
  readonly branch: string | undefined;
}

/**
 * The revisions to take down, newest first, for a database to come back to the target: what is applied above it, and
 * whatever depends on that.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK, E_INVALID_TARGET,
 * E_RANGE_NOT_ANCESTOR
 */
export function planDowngrade(links: Links, options: PlanDowngradeOptions): Step<"downgrade">[] {
  const rows = knownVersions(links, options.from);
  const destination = destinationOf(links, options.to, rows);
  const drop = revisionsToDrop(links, destination, appliedAt(links, rows));
  const { index } = destination;
  if (index !== undefined && !rows.includes(index) && !anyMarked(drop, drop.keys())) {
    throw notBelow(links, destination, index, rows);
  }
  return stepsDown(links, rows, newestFirst(links, drop, rows));
}

function stepsDown(links: Links, rows: readonly Index[], order: readonly Index[]): Step<"downgrade">[] {
  const timeline = rowsTimeline(links, rows);
  for (const change of downgradeRows(links, rows, order)) timeline.add(change);
  return order.map((index, step) => ({
    direction: "downgrade",
    revision: idAt(links, index),
    get versionsAfter() {
      return timeline.after(step + 1);
    },
  }));
}

function revisionsToDrop(links: Links, destination: Destination, applied: Marks): Marks {
  const roots = destination.index === undefined ? basesOf(links) : links.next.of(destination.index);
  const drop = descendants(links, rootsOnBranch(links, roots, destination), "dependencies");
  for (const [index, mark] of applied.entries()) if (mark === 0) drop[index] = 0;
  return drop;
}

/** Of several ways up from the destination, those that lead to the branch it names. */
function rootsOnBranch(
  links: Links,
  roots: readonly Index[],
  { text, branch }: Destination,
): readonly Index[] {
  if (branch === undefined || roots.length < 2) return roots;
  const line = ancestors(links, [lookUpBranch(links, branch)], "revises");
  const kept = roots.filter((root) => line[root] === 1);
  if (kept.length > 0) return kept;
  throw new InvalidTargetError(
    text,
    `"${text}" names nothing to take down: the branch "${branch}" does not come after it.`,
    "name a revision or label above the target before the @, or leave it out to take all branches down",
  );
}

function destinationOf(links: Links, text: string, rows: readonly Index[]): Destination {
  refuseRange(links, text);
  const relative = parseRelativeTarget(text);
  if (relative !== undefined) return relativeDestination(links, relative, rows);
  const at = text.lastIndexOf("@");
  const branch = at > 0 ? text.slice(0, at) : undefined;
  return { text, branch, index: oneRevisionOf(links, text.slice(at + 1)) };
}

function relativeDestination(links: Links, target: RelativeTarget, rows: readonly Index[]): Destination {
  const { text, branch, steps } = target;
  if (steps >= 0) return { text, branch, index: upwardDestination(links, target) };
  if (target.start === undefined) return fromRows(links, target, rows);
  const start = oneRevisionOf(links, branch === undefined ? target.start : `${branch}@${target.start}`);
  return { text, branch, index: reached(walkDown(links, start, -steps, text), text) };
}

function upwardDestination(links: Links, { text, branch, start, steps }: RelativeTarget): Index {
  if (start === undefined) {
    throw new InvalidTargetError(
      text,
      `"${text}" goes up, a downgrade goes down.`,
      "say `-N`, or use upgrade",
    );
  }
  const end = walkUp(links, oneRevisionOf(links, start), steps, text, keptTo(links, branch, "revises"));
  if (end === null) throw tooFar(text);
  return end;
}

/**
 * `-N` counts from a row, and keeps to the branch of that row: without a branch from the first row there is, with one
 * from the row on its line, or from the revision there that has no row because something depends on it.
 */
function fromRows(
  links: Links,
  { text, branch, steps }: RelativeTarget,
  rows: readonly Index[],
): Destination {
  const start = branch === undefined ? rows[0] : rowOnBranch(links, text, branch, rows);
  if (start === undefined) {
    throw new InvalidTargetError(
      text,
      `"${text}" has nowhere to start: nothing is applied.`,
      "nothing is left to take down",
    );
  }
  const place = reached(walkDown(links, start, -steps, text), text);
  return { text, branch: branch ?? idAt(links, start), index: place };
}

function rowOnBranch(links: Links, text: string, branch: string, rows: readonly Index[]): Index {
  const standing = onLine(links, rows, branch, "revises");
  const starts =
    standing.length > 0 ? standing : onLine(links, newestApplied(links, rows), branch, "revises");
  const [start] = starts;
  if (start === undefined) {
    throw new InvalidTargetError(
      text,
      `"${text}" has nowhere to start: nothing of the branch "${branch}" is applied.`,
      "`current` shows what is.",
    );
  }
  if (starts.length === 1) return lookUp(links, idAt(links, start), branch);
  const ids = idsAt(links, starts);
  throw new AmbiguousWalkError(
    text,
    `"${text}" is ambiguous: the database stands at ${ids.join(", ")}, all on the line of "${branch}".`,
    ids,
    `say from which: \`${ids[0]}${text.slice(text.lastIndexOf("-"))}\``,
  );
}

function reached(place: Place, text: string): Index | undefined {
  if (place === null) throw tooFar(text);
  return place === "base" ? undefined : place;
}

function tooFar(text: string): InvalidTargetError {
  return new InvalidTargetError(text, `"${text}" leads off the graph.`, "walk fewer steps, or name `base`");
}

function notBelow(
  links: Links,
  { text }: Destination,
  index: Index,
  rows: readonly Index[],
): RangeNotAncestorError {
  const ids = idsAt(links, rows);
  const stands = ids.length === 0 ? "has nothing applied" : `stands at ${ids.join(", ")}`;
  const applied = appliedAt(links, rows)[index] === 1;
  return new RangeNotAncestorError(
    text,
    ids,
    applied
      ? `Nothing revises ${idAt(links, index)}, so there is nothing above it to take down; the database ${stands}.`
      : `Revision ${idAt(links, index)} is not applied, so nothing can be taken down to it; the database ${stands}.`,
    "name a revision below one of the versions, or upgrade to this one",
  );
}
