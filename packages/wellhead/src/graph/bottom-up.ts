import type { Edges, Index } from "./links.ts";

/** Every revision after all that it needs, and how high each stands. */
export interface BottomUp {
  /** Revisions on a circle, and what needs them, are left out. */
  readonly order: readonly Index[];
  /** How many steps above the farthest base. */
  readonly height: Int32Array;
}

export function bottomUp(down: Edges, up: Edges): BottomUp {
  const height = new Int32Array(down.length);
  const waiting = Int32Array.from(down, (parents) => parents.length);
  const order = down.flatMap((parents, index) => (parents.length === 0 ? [index] : []));
  for (const index of order) {
    for (const child of up[index] ?? []) {
      height[child] = Math.max(height[child] ?? 0, (height[index] ?? 0) + 1);
      const left = (waiting[child] ?? 0) - 1;
      waiting[child] = left;
      if (left === 0) order.push(child);
    }
  }
  return { order, height };
}
