import type { Edges, Index } from "./edges.ts";

/** Every revision after all that it needs, and how high each stands. */
export interface BottomUp {
  /** Revisions on a circle, and what needs them, are left out. */
  readonly order: readonly Index[];
  /** How many steps above the farthest base. */
  readonly height: Int32Array;
}

export function bottomUp(down: Edges, up: Edges): BottomUp {
  const height = new Int32Array(down.size);
  const waiting = Int32Array.from({ length: down.size }, (_, index) => down.count(index));
  const order: Index[] = [];
  for (let index = 0; index < down.size; index++) if (down.count(index) === 0) order.push(index);
  for (const index of order) {
    for (let place = up.start(index); place < up.end(index); place++) {
      const child = up.target(place);
      height[child] = Math.max(height[child] ?? 0, (height[index] ?? 0) + 1);
      const left = (waiting[child] ?? 0) - 1;
      waiting[child] = left;
      if (left === 0) order.push(child);
    }
  }
  return { order, height };
}
