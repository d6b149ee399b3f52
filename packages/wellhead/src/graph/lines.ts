import type { Index } from "./edges.ts";

/**
 * The lines of revisions that an order follows at the same time, side by side. Each has a number, which says where it
 * stands, and a tip, the revision it has come to.
 */
export interface Lines {
  /** The number of the leftmost line; undefined when all have ended. */
  readonly leftmost: number | undefined;
  tipOf(line: number): Index;
  isTip(index: Index): boolean;
  /** Starts a line to the right of all others, and gives its number. */
  start(tip: Index): number;
  move(line: number, tip: Index): void;
  /** Ends a line, and gives the one to the left of it; the leftmost that is left when there is none to the left. */
  end(line: number): number | undefined;
}

/** @param size how many revisions there are */
export function noLines(size: number): Lines {
  const tips: Index[] = [];
  const left: (number | undefined)[] = [];
  const right: (number | undefined)[] = [];
  const isTip = new Uint8Array(size);
  let leftmost: number | undefined;
  let rightmost: number | undefined;
  return {
    get leftmost() {
      return leftmost;
    },
    tipOf: (line) => tips[line] ?? -1,
    isTip: (index) => isTip[index] === 1,
    start(tip) {
      const line = tips.push(tip) - 1;
      isTip[tip] = 1;
      left[line] = rightmost;
      if (rightmost === undefined) leftmost = line;
      else right[rightmost] = line;
      rightmost = line;
      return line;
    },
    move(line, tip) {
      isTip[tips[line] ?? -1] = 0;
      isTip[tip] = 1;
      tips[line] = tip;
    },
    end(line) {
      isTip[tips[line] ?? -1] = 0;
      const [before, after] = [left[line], right[line]];
      if (before === undefined) leftmost = after;
      else right[before] = after;
      if (after === undefined) rightmost = before;
      else left[after] = before;
      return before ?? leftmost;
    },
  };
}
