import type { Index } from "./edges.ts";
import { InvalidTargetError, RangeNotAncestorError, RevisionNotFoundError } from "./errors.ts";
import { realHeadsOf } from "./heads.ts";
import { labelsAt } from "./labels.ts";
import { idAt, type Links } from "./links.ts";
import { newestFirst } from "./order.ts";
import type { HistoryOptions } from "./plan.ts";
import { descendants, marked, type Marks } from "./reach.ts";
import { onLine, oneRevisionOf, placesOf } from "./target.ts";
import { upgradeTargets } from "./upgrade-plan.ts";
import { disjointAncestors, knownVersions } from "./versions.ts";
import { walkDown, type Place } from "./walk.ts";

/**
 * The revisions of a range, newest first.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK, E_INVALID_TARGET,
 * E_OVERLAPPING_REVISIONS, E_RANGE_NOT_ANCESTOR
 */
export function history(links: Links, options: HistoryOptions): Index[] {
  if (options.range === undefined) {
    return newestFirst(links, new Uint8Array(links.size).fill(1), realHeadsOf(links));
  }
  const range = parseRange(options.range);
  const versions = options.versions === undefined ? undefined : knownVersions(links, options.versions);
  const tips = tipsOf(links, range, versions);
  const required = disjointAncestors(links, tips, "targets");
  const floor = floorOf(links, range, required, versions);
  return between(links, tips, required, floor);
}

interface Range {
  readonly text: string;
  readonly lower: string;
  readonly upper: string;
}

function parseRange(text: string): Range {
  const ends = text.split(":").map((end) => end.trim());
  const [lower, upper] = ends;
  if (lower !== undefined && upper !== undefined && ends.length === 2) {
    return { text, lower: lower === "" ? "base" : lower, upper: upper === "" ? "heads" : upper };
  }
  throw new InvalidTargetError(text, `"${text}" is no range.`, "say A:B, A: or :B");
}

/** The revisions that the range comes down from. With `branch@…` as its lower end, those of them on that branch. */
function tipsOf(links: Links, { lower, upper }: Range, versions: readonly Index[] | undefined): Index[] {
  const startsAt = (): readonly Index[] =>
    versionsOr(lower, versions) ?? indexesAmong([oneRevisionOf(links, lower)]);
  const tips = versionsOr(upper, versions) ?? upgradeTargets(links, upper, startsAt);
  const at = lower.indexOf("@");
  return at === -1 ? [...tips] : tipsOnBranch(links, tips, lower.slice(0, at));
}

/** Here a branch is what carries its label; a revision stands for the label it carries. */
function tipsOnBranch(links: Links, tips: readonly Index[], branch: string): Index[] {
  const index = oneRevisionOf(links, branch);
  if (index === undefined || idAt(links, index) !== branch) return carrying(links, tips, branch);
  const [label, ...others] = labelsAt(links, index);
  return label === undefined || others.length > 0
    ? onLine(links, tips, branch, "revises")
    : carrying(links, tips, label);
}

function carrying(links: Links, tips: readonly Index[], label: string): Index[] {
  return tips.filter((tip) => labelsAt(links, tip).includes(label));
}

/** The revisions at the lower end; none for base. */
function floorOf(
  links: Links,
  range: Range,
  required: Marks,
  versions: readonly Index[] | undefined,
): Index[] {
  const places: readonly Place[] = versionsOr(range.lower, versions) ?? placesOf(links, range.lower);
  for (const place of places) {
    if (place === null) continue;
    if (place === "base" || required[place] !== 1) throw notAncestor(links, range, place);
  }
  return places.includes(null) ? floorBelowUpper(links, range) : indexesAmong(places);
}

/** Where `-N` leads beyond base from the heads it is counted from the upper end. */
function floorBelowUpper(links: Links, { lower, upper }: Range): Index[] {
  const start = isSymbol(upper) ? undefined : oneRevisionOf(links, upper);
  const place = start === undefined ? null : walkDown(links, start, -Number(lower), lower);
  if (place === null) throw beyondBase(lower);
  return indexesAmong([place]);
}

function beyondBase(lower: string): RevisionNotFoundError {
  return new RevisionNotFoundError(
    lower,
    `"${lower}" leads beyond base.`,
    "walk fewer steps, or leave the end out",
  );
}

function isSymbol(text: string): boolean {
  return text === "head" || text === "heads" || text === "current";
}

/**
 * All that the tips need and the floor does not have, with the floor itself; of that, with a floor, only what descends
 * from it by `revises`.
 */
function between(links: Links, tips: readonly Index[], required: Marks, floor: readonly Index[]): Index[] {
  const todo = required.slice();
  for (const index of marked(disjointAncestors(links, floor, "targets"))) todo[index] = 0;
  for (const index of floor) todo[index] = 1;
  if (floor.length === 0) return newestFirst(links, todo, tips);
  const onLines = intersection(todo, descendants(links, floor, "revises"));
  if (isReached(links, onLines, tips)) return newestFirst(links, onLines, tips);
  // The tips stand above the floor only by way of dependencies. Alembic fails here; these are followed then.
  return newestFirst(links, intersection(todo, descendants(links, floor, "dependencies")), tips);
}

/** Whether all of `todo` can be walked to from the tips without leaving it. */
function isReached(links: Links, todo: Marks, tips: readonly Index[]): boolean {
  const left = todo.slice();
  const pending = tips.filter((tip) => todo[tip] === 1);
  for (const tip of pending) left[tip] = 0;
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (const parent of links.normalizedDown.of(index)) {
      if (left[parent] === 0) continue;
      left[parent] = 0;
      pending.push(parent);
    }
  }
  return !left.includes(1);
}

function intersection(a: Marks, b: Marks): Marks {
  return a.map((mark, index) => mark & (b[index] ?? 0));
}

function versionsOr(end: string, versions: readonly Index[] | undefined): readonly Index[] | undefined {
  return end === "current" ? versions : undefined;
}

function indexesAmong(places: readonly (Place | undefined)[]): Index[] {
  return places.filter((place) => typeof place === "number");
}

function notAncestor(
  links: Links,
  { text, lower, upper }: Range,
  outside: Index | "base",
): RangeNotAncestorError {
  const named = typeof outside === "number" ? idAt(links, outside) : "base";
  return new RangeNotAncestorError(
    lower,
    [upper],
    `The range "${text}" does not lie on one line: ${named} is no ancestor of ${upper}.`,
    "the older revision comes first: A:B goes from A up to B",
  );
}
