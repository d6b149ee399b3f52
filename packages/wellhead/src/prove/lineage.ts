import type { RevisionGraph } from "../graph/index.ts";

/** Two revisions of a graph, and what each has that the other has not. */
export interface Fork {
  readonly heads: readonly [string, string];
  /** What both have, in the order of a plan. */
  readonly base: readonly string[];
  /** What only the first and only the second has, in the order of a plan. */
  readonly branches: readonly [readonly string[], readonly string[]];
}

/** All that must be applied before a revision and itself, what it depends on included, in the order of a plan. */
function lineOf(graph: RevisionGraph, revision: string): readonly string[] {
  return graph.planUpgrade({ from: [], to: revision }).map((step) => step.revision);
}

/**
 * Every two of these revisions, in their order. Two of which one has the other are no fork: they have one order.
 */
export function forksOf(graph: RevisionGraph, revisions: readonly string[]): readonly Fork[] {
  const lines = new Map(revisions.map((revision) => [revision, lineOf(graph, revision)]));
  return revisions.flatMap((one, index) =>
    revisions.slice(index + 1).flatMap((other) => {
      const [line = [], otherLine = []] = [lines.get(one), lines.get(other)];
      const [has, otherHas] = [new Set(line), new Set(otherLine)];
      if (has.has(other) || otherHas.has(one)) return [];
      const base = line.filter((revision) => otherHas.has(revision));
      const branch = line.filter((revision) => !otherHas.has(revision));
      const otherBranch = otherLine.filter((revision) => !has.has(revision));
      return [{ heads: [one, other], base, branches: [branch, otherBranch] } satisfies Fork];
    }),
  );
}
