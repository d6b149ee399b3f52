import type { RevisionGraph } from "../revision-graph.ts";
import type { Revision } from "../revision.ts";
import type { DrawingOptions } from "./options.ts";

/**
 * The graph as text, newest first, in the manner of a version control log: a column for each line of revisions, `|\`
 * where a merge splits into its parents and `|/` where branches come together in the revision they began at.
 * Dependencies are no lines; they are named behind the revision.
 */
export function drawText(graph: RevisionGraph, { current = [] }: DrawingOptions = {}): string {
  const marked = new Set(current);
  const lines: string[] = [];
  let columns: string[] = [];
  for (const id of graph.history()) {
    const revision = graph.get(id);
    const joined = joinColumns(columns, id);
    lines.push(...joined.lines);
    columns = joined.columns;
    lines.push(`${nodeRow(columns, joined.at)} ${label(revision, marked)}`);
    const split = leaveRevision(columns, joined.at, revision.revises);
    lines.push(...split.lines);
    columns = split.columns;
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** Brings all columns that wait for `id` together in the first of them; a new column where none waits. */
function joinColumns(
  before: readonly string[],
  id: string,
): { columns: string[]; lines: string[]; at: number } {
  const columns = [...before];
  const lines: string[] = [];
  if (!columns.includes(id)) columns.push(id);
  const at = columns.indexOf(id);
  for (let from = columns.lastIndexOf(id); from > at; from = columns.lastIndexOf(id)) {
    lines.push(collapseRow(columns.length, from, at));
    columns.splice(from, 1);
  }
  return { columns, lines, at };
}

/** Puts the parents into the revision's column and into new ones beside it; a base gives its column up. */
function leaveRevision(
  before: readonly string[],
  at: number,
  parents: readonly string[],
): { columns: string[]; lines: string[] } {
  const columns = [...before];
  const [first, ...others] = parents;
  if (first === undefined) {
    columns.splice(at, 1);
    return { columns, lines: at < columns.length ? [closeRow(columns.length + 1, at)] : [] };
  }
  columns[at] = first;
  const lines = others.map((parent, index) => {
    const row = splitRow(columns.length, at + index);
    columns.splice(at + index + 1, 0, parent);
    return row;
  });
  return { columns, lines };
}

function nodeRow(columns: readonly string[], at: number): string {
  return columns.map((_, column) => (column === at ? "*" : "|")).join(" ");
}

/** Column `from` goes over to column `at` on its left, and those behind it move up. */
function collapseRow(count: number, from: number, at: number): string {
  return row(count, (put) => {
    for (let column = 0; column < from; column += 1) put(2 * column, "|");
    for (let column = at; column < from - 1; column += 1) put(2 * column + 1, "_");
    for (let column = from; column < count; column += 1) put(2 * column - 1, "/");
  });
}

/** A new column opens behind column `at`, and those behind it make room. */
function splitRow(count: number, at: number): string {
  return row(count + 1, (put) => {
    for (let column = 0; column < count; column += 1) {
      if (column <= at) put(2 * column, "|");
      if (column >= at) put(2 * column + 1, "\\");
    }
  });
}

/** Column `at` ends, and those behind it move up. */
function closeRow(count: number, at: number): string {
  return row(count, (put) => {
    for (let column = 0; column < count; column += 1) {
      if (column < at) put(2 * column, "|");
      else if (column > at) put(2 * column - 1, "/");
    }
  });
}

function row(count: number, draw: (put: (position: number, sign: string) => void) => void): string {
  const signs = Array.from({ length: 2 * count }, () => " ");
  draw((position, sign) => (signs[position] = sign));
  return signs.join("");
}

function label(revision: Revision, marked: ReadonlySet<string>): string {
  const { branchLabels, dependsOn, isHead, isRealHead, isBranchPoint, isMergePoint, message } = revision;
  // A docstring's first paragraph can have several lines, and the drawing has one for each revision.
  const [title = ""] = message.split("\n", 1);
  return [
    revision.revision,
    branchLabels.length > 0 ? ` (${branchLabels.join(", ")})` : "",
    isRealHead ? " (head)" : isHead ? " (effective head)" : "",
    marked.has(revision.revision) ? " (current)" : "",
    isBranchPoint ? " (branchpoint)" : "",
    isMergePoint ? " (mergepoint)" : "",
    dependsOn.length > 0 ? ` (depends on ${dependsOn.join(", ")})` : "",
    title === "" ? "" : `, ${title}`,
  ].join("");
}
