import type { Edges, Index } from "./links.ts";

/**
 * The dependencies that say something new: those that no ancestor (walking down revisions only) has among its own. A
 * dependency that is an ancestor itself stays, as it does in Alembic.
 *
 * One walk for each dependency that several revisions name, instead of one for each revision: from those who name it up
 * to their descendants; whoever names it again there says nothing new.
 */
export function normalizeDependencies(dependencies: Edges, next: Edges, height: Int32Array): Edges {
  const holders = holdersOf(dependencies);
  if (holders.size === 0) return dependencies;
  const superfluous = new Set<string>();
  for (const [dependency, named] of holders) {
    for (const repeated of belowOthers(named, next, height)) superfluous.add(`${repeated} ${dependency}`);
  }
  return dependencies.map((list, index) =>
    list.filter((dependency) => !superfluous.has(`${index} ${dependency}`)),
  );
}

/** For each dependency that several revisions name, those revisions. */
function holdersOf(dependencies: Edges): Map<Index, Index[]> {
  const holders = new Map<Index, Index[]>();
  for (const [index, list] of dependencies.entries()) {
    for (const dependency of list) {
      const named = holders.get(dependency);
      if (named === undefined) holders.set(dependency, [index]);
      else named.push(index);
    }
  }
  for (const [dependency, named] of holders) if (named.length < 2) holders.delete(dependency);
  return holders;
}

/** Those of `named` that descend from another of them. No descendant is lower, so the walk ends at the highest. */
function belowOthers(named: readonly Index[], next: Edges, height: Int32Array): Index[] {
  const ceiling = named.reduce((highest, index) => Math.max(highest, height[index] ?? 0), 0);
  const reached = new Set<Index>();
  const pending = [...named];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (const child of next[index] ?? []) {
      if (reached.has(child) || (height[child] ?? 0) > ceiling) continue;
      reached.add(child);
      pending.push(child);
    }
  }
  return named.filter((index) => reached.has(index));
}
