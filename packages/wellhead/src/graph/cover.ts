import type { Index, Links } from "./links.ts";
import { minTree, NOTHING, type MinTree } from "./min-tree.ts";
import type { Marks } from "./reach.ts";
import { spanningTree, type SpanningTree } from "./spanning-tree.ts";

/**
 * Answers, while an order is made, which of the lines being followed has a revision still before it: the one with the
 * lowest number among those whose tip descends from it.
 *
 * In a tree the descendants of a revision are a range of positions, and the answer is the least number in the range.
 * Every further link ("bridge") from a revision to one it does not hang on adds the descendants of that revision.
 * These are not looked at one by one: for each the least number at or above it is kept as a lower bound (numbers above
 * a revision only grow, since lines move down and new ones get higher numbers), and made exact only when it could be
 * the least. So a question costs about the logarithm of the number of revisions.
 */
export interface Cover {
  /** The line with this number has come to a revision. */
  arrive(index: Index, line: number): void;
  /** A revision is done, or was only in between. */
  leave(index: Index): void;
  /** The lowest number of a line whose tip comes after a revision, which must not be free. */
  lowestAbove(index: Index): number;
}

export function coverOf(links: Links, marks: Marks): Cover {
  const tree = spanningTree(links, marks);
  const lines = minTree(links.size);
  const bridges = bridgesOver(links, marks, tree);
  const bound = new Int32Array(links.size);
  const exactAt = new Int32Array(links.size).fill(-1);
  let moment = 0;

  /** The least number at or above a revision, where it can be told at once. */
  function known(index: Index, from: number): number | undefined {
    const least = lines.least(from, tree.end[index] ?? 0);
    if (!bridges.leaveRange(index)) return least;
    const source = bridges.mostPromising(index);
    const promised = source === undefined ? NOTHING : (bound[source] ?? 0);
    if (least <= promised) return least;
    return source !== undefined && exactAt[source] === moment ? promised : undefined;
  }

  function makeExact(index: Index, line: number): void {
    exactAt[index] = moment;
    if (bound[index] === line) return;
    bound[index] = line;
    bridges.promise(index, line);
  }

  return {
    arrive: (index, line) => lines.set(tree.start[index] ?? 0, line),
    leave(index) {
      moment++;
      lines.set(tree.start[index] ?? 0, NOTHING);
      bridges.takeAway(index);
    },
    lowestAbove(index) {
      const asked = [index];
      for (;;) {
        const top = asked.at(-1) ?? index;
        const start = tree.start[top] ?? 0;
        const line = known(top, top === index ? start + 1 : start);
        if (line === undefined) {
          asked.push(bridges.mostPromising(top) ?? index);
        } else {
          if (top === index) return line;
          makeExact(top, line);
          asked.pop();
        }
      }
    },
  };
}

/** The links that are not part of the tree. Each leads from its source to a revision that the source needs. */
interface Bridges {
  /** Whether any bridge into the range of a revision comes from outside of it. */
  leaveRange(index: Index): boolean;
  /** The source, of all bridges into the range of a revision, with the least promise. */
  mostPromising(index: Index): Index | undefined;
  /** Sets a lower bound for the lines at and above a source. */
  promise(source: Index, line: number): void;
  takeAway(source: Index): void;
}

function bridgesOver(links: Links, marks: Marks, tree: SpanningTree): Bridges {
  const { first, sources, ownBridges } = arrange(links, marks, tree);
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

/** Numbers the bridges by the position they lead to; `first` says, for each position, with which number its bridges begin. */
function arrange(
  links: Links,
  marks: Marks,
  tree: SpanningTree,
): { first: Int32Array; sources: Int32Array; ownBridges: Map<Index, number[]> } {
  const bridges = findBridges(links, marks, tree);
  const first = new Int32Array(links.size + 2);
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

function findBridges(links: Links, marks: Marks, tree: SpanningTree): { source: Index; target: Index }[] {
  const bridges: { source: Index; target: Index }[] = [];
  for (const [source, parents] of links.allDown.entries()) {
    if (marks[source] === 0 || parents.length < 2) continue;
    for (const target of parents) {
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
