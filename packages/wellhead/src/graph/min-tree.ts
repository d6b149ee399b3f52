/** Numbers at positions, of which the least in any range is found in logarithmic time. */
export interface MinTree {
  get(position: number): number;
  set(position: number, value: number): void;
  /** The least value from `from` up to, without, `to`; {@link NOTHING} when there is none. */
  least(from: number, to: number): number;
  /** Where the least value of that range stands: the first such position in it, or -1 when there is none. */
  positionOfLeast(from: number, to: number): number;
}

/** Larger than any value: what stands at a position that holds none. */
export const NOTHING = 0x7fffffff;

/** A tree over `length` positions, all of which hold nothing. */
export function minTree(length: number): MinTree {
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(length, 1)));
  // Node 1 is the root, the children of node k are 2k and 2k + 1, the leaves are the second half.
  const nodes = new Int32Array(2 * leaves).fill(NOTHING);
  const valueOf = (node: number): number => nodes[node] ?? NOTHING;

  /** The node, of those that together make up the range, that holds its least value; 0 when nothing does. */
  function nodeOfLeast(from: number, to: number): number {
    let best = 0;
    let left = from + leaves;
    let right = to + leaves;
    for (; left < right; left >>= 1, right >>= 1) {
      if (left & 1) {
        if (valueOf(left) < valueOf(best)) best = left;
        left++;
      }
      if (right & 1) {
        right--;
        if (valueOf(right) < valueOf(best)) best = right;
      }
    }
    return best;
  }

  return {
    get: (position) => valueOf(position + leaves),
    set(position, value) {
      let node = position + leaves;
      nodes[node] = value;
      for (node >>= 1; node > 0; node >>= 1) {
        const least = Math.min(valueOf(2 * node), valueOf(2 * node + 1));
        if (nodes[node] === least) return;
        nodes[node] = least;
      }
    },
    least: (from, to) => valueOf(nodeOfLeast(from, to)),
    positionOfLeast(from, to) {
      let node = nodeOfLeast(from, to);
      if (node === 0) return -1;
      const value = valueOf(node);
      while (node < leaves) node = valueOf(2 * node) === value ? 2 * node : 2 * node + 1;
      return node - leaves;
    },
  };
}
