import type { Index, Links } from "./links.ts";
import { marked, type Marks } from "./reach.ts";
import type { RowsChange } from "./rows-timeline.ts";
import { appliedAt } from "./versions.ts";

/** What is still applied while a downgrade runs. */
interface Standing {
  readonly rows: Set<Index>;
  readonly applied: Marks;
  /** How many applied revisions revise each or depend on it. */
  readonly dependants: Int32Array;
}

/**
 * What each step of a downgrade does to the rows: its row goes, and those of its parents come that no other row implies.
 *
 * Alembic's rule looks at the other rows only. Where a parent is at the same time an ancestor of another parent, and
 * other rows stand, it therefore puts a row for both. Ours does the same, so that both leave the same table.
 */
export function downgradeRows(links: Links, rows: readonly Index[], order: readonly Index[]): RowsChange[] {
  const standing = startingAt(links, rows);
  return order.map((index) => {
    takeDown(links, standing, index);
    const added = (links.normalizedDown[index] ?? []).filter((parent) => !isImplied(links, standing, parent));
    for (const parent of added) standing.rows.add(parent);
    return { removed: [index], added };
  });
}

function startingAt(links: Links, rows: readonly Index[]): Standing {
  const applied = appliedAt(links, rows);
  const dependants = new Int32Array(links.size);
  for (const index of marked(applied)) {
    for (const parent of links.allDown[index] ?? []) dependants[parent] = (dependants[parent] ?? 0) + 1;
  }
  return { rows: new Set(rows), applied, dependants };
}

function takeDown(links: Links, { rows, applied, dependants }: Standing, index: Index): void {
  rows.delete(index);
  applied[index] = 0;
  for (const parent of links.allDown[index] ?? []) dependants[parent] = (dependants[parent] ?? 0) - 1;
}

/** Whether another row is the parent or has it as an ancestor. */
function isImplied(links: Links, standing: Standing, parent: Index): boolean {
  if (standing.rows.has(parent)) return true;
  if (standing.dependants[parent] === 0) return false;
  return standing.rows.size === 0 || hasRowAbove(links, standing, parent);
}

function hasRowAbove(links: Links, { rows, applied }: Standing, start: Index): boolean {
  const seen = new Set<Index>();
  const pending = [start];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (const child of links.allNext[index] ?? []) {
      if (applied[child] === 0 || seen.has(child)) continue;
      if (rows.has(child)) return true;
      seen.add(child);
      pending.push(child);
    }
  }
  return false;
}
