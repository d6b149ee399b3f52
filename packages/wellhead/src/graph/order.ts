import type { Index, Links } from "./links.ts";
import type { Marks } from "./reach.ts";

/** Stand-in for the order of section 5; replaced by the linear one. */
export function newestFirst(links: Links, todo: Marks, tips: readonly Index[]): Index[] {
  const left = new Set<Index>([...todo.entries()].filter(([, mark]) => mark === 1).map(([index]) => index));
  const below = (start: Index): Set<Index> => {
    const seen = new Set([start]);
    const stack = [start];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      for (const to of links.normalizedDown[index] ?? []) {
        if (!seen.has(to)) {
          seen.add(to);
          stack.push(to);
        }
      }
    }
    return seen;
  };
  const heads = [...new Set(tips.filter((tip) => left.has(tip)))].toSorted((a, b) => a - b);
  const sets = heads.map(below);
  const order: Index[] = [];
  let cursor = 0;
  while (heads.length > 0) {
    const candidate = heads[cursor] as Index;
    const other = sets.findIndex((set, at) => at !== cursor && set.has(candidate));
    if (other !== -1) {
      cursor = other;
      continue;
    }
    if (left.delete(candidate)) order.push(candidate);
    const add = (links.normalizedDown[candidate] ?? []).filter((to) => left.has(to) && !heads.includes(to));
    const [first, ...others] = add;
    if (first === undefined) {
      heads.splice(cursor, 1);
      sets.splice(cursor, 1);
      cursor = Math.max(cursor - 1, 0);
    } else {
      heads[cursor] = first;
      sets[cursor] = below(first);
      heads.push(...others);
      sets.push(...others.map(below));
    }
  }
  return order;
}
