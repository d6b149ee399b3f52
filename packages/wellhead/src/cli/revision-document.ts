import type { Revision } from "../graph/index.ts";

/** A revision as `--json` shows it. */
export interface RevisionDocument {
  readonly revision: string;
  readonly revises: readonly string[];
  /** Ids or labels, as the file writes them. */
  readonly dependsOn: readonly string[];
  /** Its own labels and those of the branches it belongs to. */
  readonly labels: readonly string[];
  readonly message: string;
  readonly path: string | undefined;
  readonly isHead: boolean;
  readonly isBase: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
}

export function revisionDocument(revision: Revision): RevisionDocument {
  const { revises, dependsOn, message, path, isHead, isBase, isBranchPoint, isMergePoint } = revision;
  return {
    revision: revision.revision,
    revises,
    dependsOn,
    labels: revision.branchLabels,
    message,
    path,
    isHead,
    isBase,
    isBranchPoint,
    isMergePoint,
  };
}
