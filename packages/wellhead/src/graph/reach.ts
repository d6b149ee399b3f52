import type { Edges, Index } from "./edges.ts";
import type { Links } from "./links.ts";

/** Which links a walk follows: down revisions only, or dependencies as well. */
export type Following = "revises" | "dependencies";

/** A set of revisions, as one byte for each index. */
export type Marks = Uint8Array<ArrayBuffer>;

/** The revisions and all their ancestors. */
export function ancestors(links: Links, starts: Iterable<Index>, following: Following): Marks {
  return reach(following === "revises" ? links.down : links.allDown, starts);
}

/** The revisions and all their descendants. */
export function descendants(links: Links, starts: Iterable<Index>, following: Following): Marks {
  return reach(following === "revises" ? links.next : links.allNext, starts);
}

/** All revisions with a mark, in load order. */
export function marked(marks: Marks): Index[] {
  const indexes: Index[] = [];
  for (let index = marks.indexOf(1); index !== -1; index = marks.indexOf(1, index + 1)) indexes.push(index);
  return indexes;
}

/** Whether any of `indexes` has a mark. */
export function anyMarked(marks: Marks, indexes: Iterable<Index>): boolean {
  for (const index of indexes) if (marks[index] === 1) return true;
  return false;
}

function reach(edges: Edges, starts: Iterable<Index>): Marks {
  const marks = new Uint8Array(edges.size);
  const pending = [...starts];
  for (const start of pending) marks[start] = 1;
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (let place = edges.start(index); place < edges.end(index); place++) {
      const to = edges.target(place);
      if (marks[to] === 1) continue;
      marks[to] = 1;
      pending.push(to);
    }
  }
  return marks;
}
