import type { Index } from "./edges.ts";
import { InvalidTargetError } from "./errors.ts";
import { idAt, idsAt, type Links } from "./links.ts";
import type { RebaseOptions, RebasePlan } from "./plan.ts";
import { ancestors, anyMarked, descendants, marked, type Marks } from "./reach.ts";
import { revisionsOf } from "./target.ts";

/**
 * Which revisions need other down revisions for lines to begin at `onto`. Of the line of a named revision, what `onto`
 * has not got is taken off and put there whole; where `onto` lies below the revision, the revision itself is. What hangs
 * on it comes along.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_INVALID_TARGET
 */
export function planRebase(links: Links, revisions: readonly string[], options: RebaseOptions): RebasePlan {
  const targets = typeof options.onto === "string" ? [options.onto] : options.onto;
  const target = targets.join(" ");
  const onto = [...new Set(targets.flatMap((each) => revisionsOf(links, each)))];
  const below = ancestors(links, onto, "revises");
  const named = [...new Set(revisions.flatMap((revision) => revisionsOf(links, revision)))];
  for (const index of named) refuseBelow(links, index, { onto, below, target });
  const firsts = new Set(named.flatMap((index) => firstsOf(links, index, onto, below)));
  const moved = descendants(links, firsts, "revises");
  return {
    onto: idsAt(links, onto),
    moved: idsAt(links, marked(moved)),
    changes: marked(moved).flatMap((index) => {
      const before = links.down.of(index);
      const after = firsts.has(index) ? onto : withoutCovered(before, moved, below);
      if (isSame(before, after)) return [];
      return [{ revision: idAt(links, index), from: idsAt(links, before), to: idsAt(links, after) }];
    }),
  };
}

interface Place {
  readonly onto: readonly Index[];
  /** What lies below it, and itself. */
  readonly below: Marks;
  readonly target: string;
}

function refuseBelow(links: Links, index: Index, { onto, below, target }: Place): void {
  if (below[index] !== 1) return;
  const id = idAt(links, index);
  throw new InvalidTargetError(
    target,
    onto.includes(index)
      ? `${id} cannot be put onto itself: "${target}" names it.`
      : `${id} cannot be put onto "${target}", which builds on it.`,
    `name a target that does not come from ${id}`,
  );
}

/** Where the part of the line that moves begins. */
function firstsOf(links: Links, index: Index, onto: readonly Index[], below: Marks): Index[] {
  const line = ancestors(links, [index], "revises");
  if (onto.every((each) => line[each] === 1)) return [index];
  const isOwn = (each: Index): boolean => line[each] === 1 && below[each] !== 1;
  return marked(line).filter((each) => isOwn(each) && !links.down.of(each).some(isOwn));
}

/** A merge of what moves with what it now stands on joins nothing there any more. */
function withoutCovered(parents: readonly Index[], moved: Marks, below: Marks): readonly Index[] {
  return anyMarked(moved, parents) ? parents.filter((parent) => below[parent] !== 1) : parents;
}

function isSame(before: readonly Index[], after: readonly Index[]): boolean {
  return before.length === after.length && before.every((each, place) => each === after[place]);
}
