import type { Index } from "./edges.ts";
import type { Links } from "./links.ts";
import { ancestors, descendants, marked, type Marks } from "./reach.ts";

/**
 * The revisions that an order still has to give. A range may leave out revisions between two that it has; those are
 * remembered as well, as links between the others, and go by themselves once nothing above them is left.
 */
export interface Remaining {
  /** What was to be ordered and what stands between, at the beginning. */
  readonly all: Marks;
  /** Whether a revision is to be ordered and has not been. */
  isLeft(index: Index): boolean;
  /** Whether nothing left comes after a revision. */
  isFree(index: Index): boolean;
  /** Takes a free revision, and gives what went with it: itself and what stood between. */
  take(index: Index): readonly Index[];
}

export function remaining(links: Links, todo: Marks): Remaining {
  const { allDown } = links;
  const wanted = todo.slice();
  const all = withBetween(links, todo);
  const dependants = countDependants(links, all);

  return {
    all,
    isLeft: (index) => wanted[index] === 1,
    isFree: (index) => dependants[index] === 0,
    take(index) {
      wanted[index] = 0;
      const gone = [index];
      for (const each of gone) {
        for (let place = allDown.start(each); place < allDown.end(each); place++) {
          const parent = allDown.target(place);
          dependants[parent] = (dependants[parent] ?? 0) - 1;
          if (dependants[parent] === 0 && all[parent] === 1 && todo[parent] === 0) gone.push(parent);
        }
      }
      return gone;
    },
  };
}

/** The revisions, and those that descend from one of them and are an ancestor of another. */
function withBetween(links: Links, todo: Marks): Marks {
  const indexes = marked(todo);
  const below = ancestors(links, indexes, "dependencies");
  const above = descendants(links, indexes, "dependencies");
  return below.map((mark, index) => mark & (above[index] ?? 0));
}

function countDependants(links: Links, marks: Marks): Int32Array {
  const { allDown } = links;
  const counts = new Int32Array(links.size);
  for (const index of marked(marks)) {
    for (let place = allDown.start(index); place < allDown.end(index); place++) {
      const parent = allDown.target(place);
      counts[parent] = (counts[parent] ?? 0) + 1;
    }
  }
  return counts;
}
