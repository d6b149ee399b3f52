import type { Revision } from "../graph/index.ts";
import type { RevisionFile } from "../revisions/index.ts";

/** Which parts a short line shows beside the id. */
export interface ShortLineParts {
  readonly parents?: boolean;
  readonly labels?: boolean;
  readonly heads?: boolean;
  /** Branch and merge points. */
  readonly tree?: boolean;
  readonly message?: boolean;
  /** The revisions to mark as current. */
  readonly current?: ReadonlySet<string>;
}

/** A revision in a line, in the shape of Alembic's. */
export function shortLine(revision: Revision, parts: ShortLineParts): string {
  return [
    parts.parents === true ? parents(revision) : "",
    revision.revision,
    parts.labels === true && revision.branchLabels.length > 0 ? ` (${revision.branchLabels.join(", ")})` : "",
    parts.heads === true ? headMark(revision) : "",
    parts.current?.has(revision.revision) === true ? " (current)" : "",
    parts.tree === true ? treeMarks(revision) : "",
    parts.message === true ? `, ${revision.message}` : "",
  ].join("");
}

/** A revision as a paragraph with an empty line at its end, in the shape of Alembic's. */
export function longForm(
  revision: Revision,
  files: ReadonlyMap<string, RevisionFile>,
  current: ReadonlySet<string> = new Set(),
): string[] {
  const mark = current.has(revision.revision) ? " (current)" : "";
  return [
    `Rev: ${revision.revision}${revision.isHead ? " (head)" : ""}${treeMarks(revision)}${mark}`,
    revision.isMergePoint
      ? `Merges: ${revision.revises.join(", ")}`
      : `Parent: ${revision.revises[0] ?? "<base>"}`,
    ...(revision.dependsOn.length > 0 ? [`Also depends on: ${revision.dependsOn.join(", ")}`] : []),
    ...(revision.isBranchPoint ? [`Branches into: ${revision.next.join(", ")}`] : []),
    ...(revision.branchLabels.length > 0 ? [`Branch names: ${revision.branchLabels.join(", ")}`] : []),
    `Path: ${revision.path ?? ""}`,
    "",
    ...docLines(revision, files.get(revision.revision)),
    "",
  ];
}

function parents({ revises, dependsOn }: Revision): string {
  const depends = dependsOn.length > 0 ? ` (${dependsOn.join(", ")})` : "";
  return `${revises.join(", ") || "<base>"}${depends} -> `;
}

function headMark({ isHead, isRealHead }: Revision): string {
  if (isRealHead) return " (head)";
  return isHead ? " (effective head)" : "";
}

function treeMarks({ isBranchPoint, isMergePoint }: Revision): string {
  return `${isBranchPoint ? " (branchpoint)" : ""}${isMergePoint ? " (mergepoint)" : ""}`;
}

/** The docstring of a Python revision, indented; for the others what Alembic would have put there. */
function docLines(revision: Revision, file: RevisionFile | undefined): string[] {
  if (file?.docstring === "") return [""];
  const lines = file?.docstring?.split("\n") ?? [
    revision.message,
    "",
    `Revision ID: ${revision.revision}`,
    `Revises: ${revision.revises.join(", ")}`,
    ...(file?.created === undefined ? [] : [`Create Date: ${file.created}`]),
  ];
  return lines.map((line) => `    ${line}`);
}
