export { findAlembicProject, type AlembicProject } from "./alembic/project.ts";
export type { Allowance } from "./allowance.ts";
export { checkScript, refuseTransactionControl } from "./check-script.ts";
export { scriptChecksum, upgradeChecksum } from "./checksum.ts";
export { sha256, startSha256 } from "./digest.ts";
export * from "./errors.ts";
export { loadModuleRevision } from "./load-module.ts";
export { loadSqlRevision } from "./load-sql.ts";
export { compareLockModes, lockModes, lockModeWords, readLockMode, type LockMode } from "./lock-mode.ts";
export { locateStatement, type LocatedStatement } from "./locate-statement.ts";
export { makeFolder } from "./make-folder.ts";
export {
  newRevisionFile,
  writeRevisionFile,
  type NewRevisionFile,
  type NewRevisionOptions,
} from "./new-revision.ts";
export { parsePostgres, type ParsedStatement } from "./postgres-parser.ts";
export { readRevisions, type ReadRevisionsOptions } from "./read-revisions.ts";
export { replaceHead, type HeadChange } from "./replace-head.ts";
export { rewriteFiles, undoUnfinishedRewrite, type FileRewrite } from "./rewrite-files.ts";
export { headRewrite } from "./rewrite-heads.ts";
export type { RevisionDatabase } from "./revision-database.ts";
export type { RevisionFile, RevisionHead, RevisionLanguage, RevisionModule } from "./revision-file.ts";
export { compareByCodePoint } from "./folder-entries.ts";
export { decodeText } from "./read-text.ts";
export { generateRevisionId } from "./revision-id.ts";
export { revisionText } from "./revision-text.ts";
export type { SqlScript, SqlSections } from "./sql-sections.ts";
export { splitStatements, statementsOf, type SqlStatement } from "./split-statements.ts";
export { readStaticRevisions, type StaticRevision } from "./static-revisions.ts";
