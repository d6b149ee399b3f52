import { coverOf } from "./cover.ts";
import { Edges, type Index } from "./edges.ts";
import { NOTHING } from "./min-tree.ts";
import type { Steps } from "./spanning-tree.ts";

/**
 * The dependencies that say something new: those that no ancestor (walking down revisions only) has among its own. A
 * dependency that is an ancestor itself stays, as it does in Alembic.
 *
 * @param steps the down revisions, without dependencies
 */
export function normalizeDependencies(dependencies: Edges, steps: Steps): Edges {
  const holders = [...holdersOf(dependencies)].filter(([, named]) => named.length > 1);
  if (holders.length === 0) return dependencies;
  const repeated = repeatedAbove(holders, steps);
  return Edges.build(dependencies.size, (index, add) => {
    for (const dependency of dependencies.of(index)) {
      if (repeated.get(dependency)?.has(index) !== true) add(dependency);
    }
  });
}

/** For each dependency the revisions that name it. */
function holdersOf(dependencies: Edges): Map<Index, Index[]> {
  const holders = new Map<Index, Index[]>();
  for (let index = 0; index < dependencies.size; index++) {
    for (const dependency of dependencies.of(index)) {
      const named = holders.get(dependency);
      if (named === undefined) holders.set(dependency, [index]);
      else named.push(index);
    }
  }
  return holders;
}

/** For each dependency those of its holders that descend from another of them. */
function repeatedAbove(holders: readonly [Index, Index[]][], steps: Steps): Map<Index, Set<Index>> {
  const cover = coverOf(steps, new Uint8Array(steps.size).fill(1));
  const holderOf: Index[] = [];
  const repeated = new Map<Index, Set<Index>>();
  for (const [dependency, named] of holders) {
    for (const holder of named) cover.arrive(holder, holderOf.push(holder) - 1);
    const above = new Set<Index>();
    for (const holder of named) {
      for (let line = cover.lowestAbove(holder); line !== NOTHING; line = cover.lowestAbove(holder)) {
        const found = holderOf[line] ?? -1;
        above.add(found);
        cover.clear(found);
      }
    }
    for (const holder of named) cover.clear(holder);
    repeated.set(dependency, above);
  }
  return repeated;
}
