import type { Index } from "./edges.ts";
import { InvalidTargetError } from "./errors.ts";
import { headsOf, multipleHeads, realHeadsOf } from "./heads.ts";
import { labelsAt } from "./labels.ts";
import type { Links } from "./links.ts";
import { exactly, lineOf, lookUp, refuseOffBranch } from "./lookup.ts";
import type { Following, Marks } from "./reach.ts";
import { knownVersions } from "./versions.ts";
import { walkDown, type Place } from "./walk.ts";

export interface TargetOptions {
  /** What `current` stands for; without them it is no target. */
  readonly versions?: readonly string[] | undefined;
}

/**
 * What a target stands for: `heads`, `head`, `base`, `current`, an id, a label, the beginning of one, `-N` steps down
 * from every head, each of them also after `branch@`. Base is an empty list.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK
 */
export function placesOf(links: Links, target: string, options: TargetOptions = {}): Place[] {
  const { branch, name } = splitBranch(target);
  if (/^-0*[1-9]\d*$/.test(name)) return placesBelowHeads(links, target, branch, Number(name));
  if (name === "current" && branch === undefined && options.versions !== undefined) {
    return knownVersions(links, options.versions);
  }
  return named(links, target, branch, name);
}

/**
 * The revisions that a target stands for, where only revisions will do.
 *
 * @throws as {@link placesOf}, and E_INVALID_TARGET for a walk that ends at base or beyond it
 */
export function revisionsOf(links: Links, target: string, options: TargetOptions = {}): Index[] {
  return placesOf(links, target, options).map((place) => {
    if (typeof place === "number") return place;
    const end = place === "base" ? "ends at base" : "leads beyond base";
    throw new InvalidTargetError(target, `"${target}" ${end}.`, "walk fewer steps, or say `base`");
  });
}

/**
 * The one revision that a target stands for, or undefined for base.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS
 */
export function oneRevisionOf(links: Links, target: string): Index | undefined {
  const { branch, name } = splitBranch(target);
  const found = named(links, target, branch, name);
  if (found.length > 1) throw multipleHeads(links, target, found);
  return found[0];
}

/** The line that a target lies on; undefined where everything passes, as with `base`. */
function lineOfTarget(links: Links, target: string, following: Following): Marks | undefined {
  const { branch, name } = splitBranch(target);
  const own = symbol(links, target, branch, name) ?? [lookUp(links, name)];
  const starts = branch === undefined ? own : [lookUp(links, branch), ...own];
  return starts.length === 0 ? undefined : lineOf(links, starts, following);
}

/** Those of `candidates` that lie on the line of a branch; a branch that cannot be found is told only if there are any. */
export function onLine(
  links: Links,
  candidates: readonly Index[],
  target: string,
  following: Following,
): Index[] {
  return keptTo(links, target, following)(candidates);
}

/** The same as a filter for more than one list; without a branch everything passes. */
export function keptTo(
  links: Links,
  branch: string | undefined,
  following: Following,
): (candidates: readonly Index[]) => Index[] {
  let line: Marks | "everything" | undefined = branch === undefined ? "everything" : undefined;
  return (candidates) => {
    if (candidates.length === 0) return [];
    line ??= lineOfTarget(links, branch ?? "", following) ?? "everything";
    const passing = line;
    return passing === "everything" ? [...candidates] : candidates.filter((index) => passing[index] === 1);
  };
}

/** @throws E_INVALID_TARGET for `A:B` where the database says what A is */
export function refuseRange(links: Links, target: string): void {
  if (!target.includes(":") || exactly(links, target) !== undefined) return;
  throw new InvalidTargetError(
    target,
    `"${target}" is a range, but where to start from is what the database says.`,
    "name the end alone; a range is for printing SQL without a database (--sql)",
  );
}

/** `branch@name`, split at the first `@`. An empty branch is none. */
function splitBranch(target: string): { branch: string | undefined; name: string } {
  const at = target.indexOf("@");
  return { branch: at < 1 ? undefined : target.slice(0, at), name: target.slice(at + 1) };
}

function named(links: Links, target: string, branch: string | undefined, name: string): Index[] {
  const symbolic = symbol(links, target, branch, name);
  if (symbolic !== undefined && branch !== undefined) refuseOffBranch(links, symbolic, branch);
  if (symbolic !== undefined) return symbolic;
  // A label may be called `head`: in front of an @ the symbol goes first, as in Alembic.
  if (branch !== undefined && exactly(links, name) === undefined) symbol(links, branch, undefined, branch);
  return [lookUp(links, name, branch)];
}

function symbol(links: Links, target: string, branch: string | undefined, name: string): Index[] | undefined {
  switch (name) {
    case "heads":
      return branch === undefined ? realHeadsOf(links) : onLine(links, headsOf(links), branch, "revises");
    case "head": {
      const heads = branch === undefined ? headsOf(links) : onLine(links, headsOf(links), branch, "revises");
      if (heads.length > 1) throw multipleHeads(links, target, heads);
      return heads;
    }
    case "base":
      return [];
    default:
      return undefined;
  }
}

function placesBelowHeads(links: Links, target: string, branch: string | undefined, steps: number): Place[] {
  const heads = realHeadsOf(links).filter(
    (head) => branch === undefined || labelsAt(links, head).includes(branch),
  );
  return heads.map((head) => walkDown(links, head, -steps, target));
}
