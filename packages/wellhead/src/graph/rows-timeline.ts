import type { Index } from "./edges.ts";
import { idAt, type Links } from "./links.ts";
import type { RevisionId } from "./revision.ts";

/** What one step does to the rows. */
export interface RowsChange {
  readonly removed: readonly Index[];
  readonly added: readonly Index[];
}

/**
 * The rows after each step of a plan. Writing all of them out would take as much room as steps times rows; so the
 * changes are kept, and the rows are worked out for the step that is asked for, on from the one asked before.
 */
export interface RowsTimeline {
  add(change: RowsChange): void;
  /** The rows after the first `steps` steps, sorted. */
  after(steps: number): readonly RevisionId[];
}

export function rowsTimeline(links: Links, start: readonly Index[]): RowsTimeline {
  const changes: RowsChange[] = [];
  const beginning = start.map((index) => idAt(links, index)).toSorted();
  let reached = 0;
  let rows = [...beginning];
  return {
    add: (change) => void changes.push(change),
    after(steps) {
      if (steps < reached) [reached, rows] = [0, [...beginning]];
      for (; reached < steps; reached++) apply(links, rows, changes[reached]);
      return [...rows];
    },
  };
}

function apply(links: Links, rows: RevisionId[], change: RowsChange | undefined): void {
  for (const index of change?.removed ?? []) {
    const id = idAt(links, index);
    const at = placeOf(rows, id);
    if (rows[at] === id) rows.splice(at, 1);
  }
  for (const index of change?.added ?? []) {
    const id = idAt(links, index);
    rows.splice(placeOf(rows, id), 0, id);
  }
}

/** Where an id stands in sorted rows, or would stand. */
function placeOf(rows: readonly RevisionId[], id: RevisionId): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle] ?? id) < id) from = middle + 1;
    else to = middle;
  }
  return from;
}
