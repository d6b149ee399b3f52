export { upgradeChecksum } from "./checksum.ts";
export * from "./errors.ts";
export { loadSqlRevision } from "./load-sql.ts";
export {
  newRevisionFile,
  writeRevisionFile,
  type NewRevisionFile,
  type NewRevisionOptions,
} from "./new-revision.ts";
export { readRevisions, type ReadRevisionsOptions } from "./read-revisions.ts";
export type { RevisionFile, RevisionHead, RevisionLanguage } from "./revision-file.ts";
export { generateRevisionId } from "./revision-id.ts";
export type { SqlScript, SqlSections } from "./sections.ts";
