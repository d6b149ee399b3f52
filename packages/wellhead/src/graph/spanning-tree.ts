import type { Index } from "./edges.ts";
import type { Links } from "./links.ts";
import type { Marks } from "./reach.ts";

/** As much of the links as it takes to walk them. */
export type Steps = Pick<Links, "size" | "allDown" | "bottomUp" | "height">;

/**
 * A tree (a forest, with several bases) through some of the revisions: each hangs on one of those it needs, the one
 * that stands highest. The positions are such that a revision and all that hangs above it make up one range.
 */
export interface SpanningTree {
  /** Where the range of a revision begins; the revision itself stands there. */
  readonly start: Int32Array;
  /** Where the range of a revision ends: the first position behind it. */
  readonly end: Int32Array;
  /** Which revision each hangs on; -1 for the roots. */
  readonly support: Int32Array;
}

/** The tree through the marked revisions. */
export function spanningTree(steps: Steps, marks: Marks): SpanningTree {
  const support = Int32Array.from({ length: steps.size }, (_, index) => highest(steps, index, marks));
  const sizes = subtreeSizes(steps, marks, support);
  const start = new Int32Array(steps.size);
  const free = new Int32Array(steps.size);
  let freeAtRoot = 0;
  for (const index of steps.bottomUp) {
    if (marks[index] === 0) continue;
    const below = support[index] ?? -1;
    const position = below === -1 ? freeAtRoot : (free[below] ?? 0);
    const size = sizes[index] ?? 1;
    if (below === -1) freeAtRoot += size;
    else free[below] = position + size;
    start[index] = position;
    free[index] = position + 1;
  }
  return {
    start,
    end: start.map((position, index) => position + (sizes[index] ?? 0)),
    support,
  };
}

function highest(steps: Steps, index: Index, marks: Marks): Index {
  const { allDown } = steps;
  let best = -1;
  for (let place = allDown.start(index); place < allDown.end(index); place++) {
    const parent = allDown.target(place);
    if (marks[parent] === 0) continue;
    if (best === -1 || (steps.height[parent] ?? 0) > (steps.height[best] ?? 0)) best = parent;
  }
  return best;
}

function subtreeSizes(steps: Steps, marks: Marks, support: Int32Array): Int32Array {
  const sizes = Int32Array.from(marks);
  for (let place = steps.size - 1; place >= 0; place--) {
    const index = steps.bottomUp[place] ?? 0;
    const below = support[index] ?? -1;
    if (marks[index] === 1 && below !== -1) sizes[below] = (sizes[below] ?? 0) + (sizes[index] ?? 0);
  }
  return sizes;
}
