import { InvalidRevisionIdError, RevisionIdTooLongError } from "./load-errors.ts";

declare const brand: unique symbol;

/** The id of a revision: text without `@`, `-`, `+` and `:`, checked by {@link checkRevisionId}. */
export type RevisionId = string & { readonly [brand]: true };

/** How many characters the version table of Alembic holds: `version_num varchar(32)`. */
export const MAX_REVISION_ID_LENGTH = 32;

/** A revision as its file declares it. Lists may be missing, which is the same as empty. */
export interface RevisionInput {
  readonly revision: string;
  /** The down revisions, in the order of the file. Empty for a base. */
  readonly revises?: readonly string[] | undefined;
  /** Ids, or branch labels, of revisions that have to be applied first. */
  readonly dependsOn?: readonly string[] | undefined;
  /** The branch labels that this revision declares. */
  readonly labels?: readonly string[] | undefined;
  readonly message?: string | undefined;
  /** The file, as it is shown to people. Only carried along. */
  readonly path?: string | undefined;
}

/** A revision of a graph: what its file declares, and what follows from its place among the others. */
export interface Revision {
  readonly revision: RevisionId;
  readonly revises: readonly RevisionId[];
  /** As the file writes them: ids or branch labels. */
  readonly dependsOn: readonly string[];
  /** The labels that the revision itself declares. */
  readonly labels: readonly string[];
  readonly message: string;
  readonly path: string | undefined;
  /** Nothing revises it. */
  readonly isHead: boolean;
  /** Nothing revises it and nothing depends on it. A head that is no real head is an "effective head". */
  readonly isRealHead: boolean;
  /** It revises nothing. */
  readonly isBase: boolean;
  /** Several revisions revise it. */
  readonly isBranchPoint: boolean;
  /** Several revisions revise it or depend on it. */
  readonly isRealBranchPoint: boolean;
  /** It revises several revisions. */
  readonly isMergePoint: boolean;
  /** Who revises it, in load order. */
  readonly next: readonly RevisionId[];
  /** Who revises it or depends on it, in load order. */
  readonly allNext: readonly RevisionId[];
  /** `dependsOn` with each label replaced by the revision that declares it. */
  readonly resolvedDependsOn: readonly RevisionId[];
  /** `revises` and those dependencies that no ancestor has already; each once. */
  readonly normalizedDown: readonly RevisionId[];
  /** The labels it carries: its own and those of the branches it belongs to, sorted. */
  readonly branchLabels: readonly string[];
}

/**
 * Checks a text that is to be the id of a revision. The length is not looked at, since the graph takes any.
 *
 * @throws E_INVALID_REVISION_ID when it holds a character that targets use: `@`, `-`, `+`, `:`.
 */
export function checkRevisionId(text: string, path?: string): RevisionId {
  const illegal = text.match(/[@+:-]/g);
  if (illegal === null && text !== "") return text as RevisionId;
  throw new InvalidRevisionIdError(text, [...new Set(illegal)].toSorted(), path);
}

/**
 * Checks the id of a revision that is about to be created: also that it fits the version table.
 *
 * @throws E_INVALID_REVISION_ID as {@link checkRevisionId} does.
 * @throws E_REVISION_ID_TOO_LONG over 32 characters.
 */
export function checkNewRevisionId(text: string): RevisionId {
  const id = checkRevisionId(text);
  const length = [...text].length;
  if (length > MAX_REVISION_ID_LENGTH) throw new RevisionIdTooLongError(text, length, MAX_REVISION_ID_LENGTH);
  return id;
}
