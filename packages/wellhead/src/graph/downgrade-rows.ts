import { coverOf, type Cover } from "./cover.ts";
import type { Index } from "./edges.ts";
import type { Links } from "./links.ts";
import { NOTHING } from "./min-tree.ts";
import { marked, type Marks } from "./reach.ts";
import type { RowsChange } from "./rows-timeline.ts";
import { appliedAt } from "./versions.ts";

/**
 * What each step of a downgrade does to the rows: its row goes, and those of its parents come that no other row implies.
 *
 * Alembic's rule looks at the other rows only. Where a parent is at the same time an ancestor of another parent, and
 * other rows stand, it therefore puts a row for both. Ours does the same, so that both leave the same table.
 */
export function downgradeRows(links: Links, rows: readonly Index[], order: readonly Index[]): RowsChange[] {
  const standing = new Standing(links, rows);
  return order.map((index) => {
    standing.takeDown(index);
    const parents = links.normalizedDown.of(index);
    const added = parents.filter((parent) => !standing.implies(parent, parents.length));
    for (const parent of added) standing.addRow(parent);
    return { removed: [index], added };
  });
}

/** The rows while a downgrade runs, and what else is still applied. */
class Standing {
  readonly #links: Links;
  readonly #rows: Set<Index>;
  readonly #applied: Marks;
  /** How many applied revisions revise each or depend on it. */
  readonly #dependants: Int32Array;
  /** The rows as lines, made when it is first asked. */
  #cover: Cover | undefined;
  #nextLine = 0;

  constructor(links: Links, rows: readonly Index[]) {
    this.#links = links;
    this.#rows = new Set(rows);
    this.#applied = appliedAt(links, rows);
    this.#dependants = new Int32Array(links.size);
    for (const index of marked(this.#applied)) this.#countParents(index, 1);
  }

  takeDown(index: Index): void {
    this.#rows.delete(index);
    this.#applied[index] = 0;
    this.#countParents(index, -1);
    this.#cover?.leave(index);
  }

  addRow(index: Index): void {
    this.#rows.add(index);
    this.#cover?.arrive(index, this.#nextLine++);
  }

  /** Whether a parent of what was taken down, one of `siblings`, is a row or has a row above it. */
  implies(parent: Index, siblings: number): boolean {
    if (this.#rows.has(parent)) return true;
    if (this.#dependants[parent] === 0) return false;
    // What is left above an only parent is below some row; with others it may be below one of those that will be a row.
    if (siblings === 1 || this.#rows.size === 0) return true;
    this.#cover ??= this.#coverOfRows();
    return this.#cover.lowestAbove(parent) !== NOTHING;
  }

  #coverOfRows(): Cover {
    const cover = coverOf(this.#links, this.#applied.slice());
    for (const row of this.#rows) cover.arrive(row, this.#nextLine++);
    return cover;
  }

  #countParents(index: Index, change: 1 | -1): void {
    const { allDown } = this.#links;
    for (let place = allDown.start(index); place < allDown.end(index); place++) {
      const parent = allDown.target(place);
      this.#dependants[parent] = (this.#dependants[parent] ?? 0) + change;
    }
  }
}
