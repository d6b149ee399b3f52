import type { Index } from "./edges.ts";
import { AmbiguousWalkError, InvalidTargetError } from "./errors.ts";
import { idsAt, idAt, type Links } from "./links.ts";
import { newestFirst } from "./order.ts";
import type { Step, PlanUpgradeOptions } from "./plan.ts";
import { marked } from "./reach.ts";
import { parseRelativeTarget, type RelativeTarget } from "./relative-target.ts";
import { rowsTimeline } from "./rows-timeline.ts";
import { keptTo, onLine, oneRevisionOf, refuseRange, revisionsOf } from "./target.ts";
import { appliedAt, disjointAncestors, knownVersions } from "./versions.ts";
import { walkDown, walkUp } from "./walk.ts";

/**
 * The revisions to run, oldest first, for a database to have all of the target; none when it has.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK, E_INVALID_TARGET,
 * E_OVERLAPPING_REVISIONS
 */
export function planUpgrade(links: Links, options: PlanUpgradeOptions): Step<"upgrade">[] {
  const rows = knownVersions(links, options.from);
  const targets = upgradeTargets(links, options.to ?? "heads", () => rows);
  if (standsAtHeads(links, rows, targets)) return [];
  const todo = disjointAncestors(links, targets, "targets");
  const applied = disjointAncestors(links, rows, "versions");
  for (const index of marked(applied)) todo[index] = 0;
  return stepsUp(links, rows, newestFirst(links, todo, targets).toReversed());
}

/** The common case, and quickly told: the rows are the targets, and nothing builds on them. */
function standsAtHeads(links: Links, rows: readonly Index[], targets: readonly Index[]): boolean {
  const isAt = (target: Index): boolean => rows.includes(target) && links.allNext.count(target) === 0;
  return rows.length === targets.length && targets.every(isAt);
}

/**
 * The rows are the applied revisions that no applied one builds on. So a step takes away those rows that the revision
 * revises or depends on, and adds the revision.
 */
function stepsUp(links: Links, rows: readonly Index[], order: readonly Index[]): Step<"upgrade">[] {
  const timeline = rowsTimeline(links, rows);
  const standing = new Set(rows);
  return order.map((index, step) => {
    const removed = links.normalizedDown.of(index).filter((parent) => standing.delete(parent));
    standing.add(index);
    timeline.add({ removed, added: [index] });
    return {
      direction: "upgrade",
      revision: idAt(links, index),
      get versionsAfter() {
        return timeline.after(step + 1);
      },
    };
  });
}

/** The revisions that an upgrade's target stands for. `rows` tells where `+N` counts from, and is asked only then. */
export function upgradeTargets(
  links: Links,
  to: string | readonly string[],
  rows: () => readonly Index[],
): Index[] {
  const targets = typeof to === "string" ? [to] : to;
  for (const target of targets) refuseRange(links, target);
  const [only] = targets;
  const relative = only === undefined || targets.length > 1 ? undefined : parseRelativeTarget(only);
  if (relative !== undefined) return [relativeTarget(links, relative, rows)];
  return [...new Set(targets.flatMap((target) => revisionsOf(links, target)))];
}

function relativeTarget(links: Links, target: RelativeTarget, rows: () => readonly Index[]): Index {
  const { branch, start, steps, text } = target;
  if (steps <= 0 && start === undefined)
    throw offTheEnd(text, "an upgrade goes up: say `+N`, or use downgrade");
  const end =
    steps > 0
      ? walkUp(links, startOf(links, target, rows), steps, text, keptTo(links, branch, "revises"))
      : walkDown(links, oneRevisionOf(links, withBranch(branch, start ?? "")), -steps, text);
  if (typeof end === "number") return end;
  throw offTheEnd(
    text,
    steps > 0 ? "say fewer steps, or `heads`" : "to take everything down, say `downgrade base`",
  );
}

function startOf(links: Links, target: RelativeTarget, rows: () => readonly Index[]): Index | undefined {
  if (target.start !== undefined) return oneRevisionOf(links, target.start);
  const starts = target.branch === undefined ? rows() : startsOnBranch(links, target.branch, rows());
  if (starts.length < 2) return starts[0];
  const ids = idsAt(links, starts);
  throw new AmbiguousWalkError(
    target.text,
    `"${target.text}" is ambiguous: the database stands at ${ids.join(", ")}.`,
    ids,
    `say from which: \`${ids[0]}${target.text.slice(target.text.lastIndexOf("+"))}\`, or name a branch as in \`label@+1\``,
  );
}

/** The rows on the branch; where there is none, the newest applied revisions on it. */
function startsOnBranch(links: Links, branch: string, rows: readonly Index[]): Index[] {
  const standing = onLine(links, rows, branch, "revises");
  if (standing.length > 0) return standing;
  const applied = onLine(links, marked(appliedAt(links, rows)), branch, "revises");
  const covered = new Set(applied.flatMap((index) => links.normalizedDown.of(index)));
  return applied.filter((index) => !covered.has(index));
}

function withBranch(branch: string | undefined, name: string): string {
  return branch === undefined ? name : `${branch}@${name}`;
}

function offTheEnd(text: string, hint: string): InvalidTargetError {
  return new InvalidTargetError(text, `"${text}" leads to no revision to upgrade to.`, hint);
}
