import { bridgesOver } from "./bridges.ts";
import type { Index } from "./edges.ts";
import { minTree, NOTHING } from "./min-tree.ts";
import type { Marks } from "./reach.ts";
import { spanningTree, type Steps } from "./spanning-tree.ts";

/**
 * Lines stand at revisions, and each line has a number that is higher than those of the lines before it. The cover of a
 * revision is the line with the lowest number of those that stand at a descendant.
 *
 * In a tree the descendants of a revision are a range of positions, and the answer is the least number in the range.
 * Every further link ("bridge") from a revision to one it does not hang on adds the descendants of that revision.
 * These are not looked at one by one: for each the least number at or above it is kept as a lower bound, and made exact
 * only when it could be the least. So a question costs about the logarithm of the number of revisions.
 *
 * The bounds hold because numbers above a revision only grow: a line may move down, or go, and a new one is higher.
 */
export interface Cover {
  /** A line comes to a revision: a new one with a number higher than all before, or one that moves down. */
  arrive(index: Index, line: number): void;
  /** The line that stands at a revision goes away from it. */
  clear(index: Index): void;
  /** A revision goes, with its line; nothing marked may be left above it. */
  leave(index: Index): void;
  /** The lowest line above a revision; {@link NOTHING} when there is none. */
  lowestAbove(index: Index): number;
}

/** The cover over the marked revisions, at which no line stands yet. */
export function coverOf(steps: Steps, marks: Marks): Cover {
  const tree = spanningTree(steps, marks);
  const lines = minTree(steps.size);
  const bridges = bridgesOver(steps, marks, tree);
  const bound = new Int32Array(steps.size);
  const exactAt = new Int32Array(steps.size).fill(-1);
  let moment = 0;
  let newest = -1;

  function setLine(index: Index, line: number): void {
    moment++;
    newest = line === NOTHING ? newest : Math.max(newest, line);
    lines.set(tree.start[index] ?? 0, line);
  }

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
    // Where there is no line now, the next new one may come.
    const least = Math.min(line, newest + 1);
    exactAt[index] = moment;
    if (bound[index] === least) return;
    bound[index] = least;
    bridges.promise(index, least);
  }

  return {
    arrive: setLine,
    clear: (index) => setLine(index, NOTHING),
    leave(index) {
      setLine(index, NOTHING);
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
          if (top === index) return line > newest ? NOTHING : line;
          makeExact(top, line);
          asked.pop();
        }
      }
    },
  };
}
