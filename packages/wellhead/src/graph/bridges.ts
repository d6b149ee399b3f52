import type { Index } from "./edges.ts";
import { minTree, NOTHING, type MinTree } from "./min-tree.ts";
import type { Marks } from "./reach.ts";
import type { SpanningTree, Steps } from "./spanning-tree.ts";

/** The links that are not part of the tree. Each leads from its source to a revision that the source needs. */
export interface Bridges {
  /** Whether any bridge into the range of a revision comes from outside of it. */
  leaveRange(index: Index): boolean;
  /** The source, of all bridges into the range of a revision, with the least promise. */
  mostPromising(index: Index): Index | undefined;
  /** Sets a lower bound for the lines at and above a source. In the beginning it is 0. */
  promise(source: Index, line: number): void;
  takeAway(source: Index): void;
}

export function bridgesOver(steps: Steps, marks: Marks, tree: SpanningTree): Bridges {
  const { first, sources, ownBridges } = arrange(steps, marks, tree);
  const promises = minTree(sources.length);
  const leftmost = minTree(sources.length);
  // Positions with the sign turned: the least is the rightmost.
  const rightmost = minTree(sources.length);
  for (const [bridge, source] of sources.entries()) {
    promises.set(bridge, 0);
    leftmost.set(bridge, tree.start[source] ?? 0);
    rightmost.set(bridge, -(tree.start[source] ?? 0));
  }
  const setAll = (source: Index, trees: readonly MinTree[], value: number): void => {
    for (const bridge of ownBridges.get(source) ?? []) for (const each of trees) each.set(bridge, value);
  };
  return {
    leaveRange(index) {
      const [start, end] = [tree.start[index] ?? 0, tree.end[index] ?? 0];
      const [from, to] = [first[start] ?? 0, first[end] ?? 0];
      return leftmost.least(from, to) < start || -rightmost.least(from, to) >= end;
    },
    mostPromising(index) {
      const [from, to] = [first[tree.start[index] ?? 0] ?? 0, first[tree.end[index] ?? 0] ?? 0];
      return sources[promises.positionOfLeast(from, to)];
    },
    promise: (source, line) => setAll(source, [promises], line),
    takeAway: (source) => setAll(source, [promises, leftmost, rightmost], NOTHING),
  };
}

/** Bridges numbered by the position they lead to; `first` says with which number those of a position begin. */
interface Arrangement {
  readonly first: Int32Array;
  readonly sources: Int32Array;
  readonly ownBridges: ReadonlyMap<Index, readonly number[]>;
}

function arrange(steps: Steps, marks: Marks, tree: SpanningTree): Arrangement {
  const bridges = findBridges(steps, marks, tree);
  const first = new Int32Array(steps.size + 2);
  for (const { target } of bridges) countAt(first, (tree.start[target] ?? 0) + 1);
  for (let position = 1; position < first.length; position++) {
    first[position] = (first[position] ?? 0) + (first[position - 1] ?? 0);
  }
  const next = first.slice();
  const sources = new Int32Array(bridges.length);
  const ownBridges = new Map<Index, number[]>();
  for (const { source, target } of bridges) {
    const bridge = countAt(next, tree.start[target] ?? 0);
    sources[bridge] = source;
    const own = ownBridges.get(source);
    if (own === undefined) ownBridges.set(source, [bridge]);
    else own.push(bridge);
  }
  return { first, sources, ownBridges };
}

function findBridges(steps: Steps, marks: Marks, tree: SpanningTree): { source: Index; target: Index }[] {
  const bridges: { source: Index; target: Index }[] = [];
  for (let source = 0; source < steps.size; source++) {
    if (marks[source] === 0 || steps.allDown.count(source) < 2) continue;
    for (const target of steps.allDown.of(source)) {
      if (marks[target] === 1 && tree.support[source] !== target) bridges.push({ source, target });
    }
  }
  return bridges;
}

/** Adds one at a place, and gives what was there. */
function countAt(counts: Int32Array, place: number): number {
  const before = counts[place] ?? 0;
  counts[place] = before + 1;
  return before;
}
