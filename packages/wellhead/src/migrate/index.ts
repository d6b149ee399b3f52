export { acceptEdited, type AcceptEditedOptions, type AcceptEditedResult } from "./accept-edited.ts";
export { readApplied } from "./applied.ts";
export { deferAgain, mentionsDeferral } from "./defer-again.ts";
export { downgrade, type DowngradeOptions } from "./downgrade.ts";
export { databaseExists } from "./database-exists.ts";
export { readDatabaseState, type DatabaseState } from "./database-state.ts";
export { doctor, type DoctorOptions } from "./doctor.ts";
export { editedRevisions } from "./edited.ts";
export * from "./errors.ts";
export * from "./outside/errors.ts";
export type { Blocker } from "./blockers.ts";
export type { EditedRevision, MigrateEvent, StepInfo } from "./events.ts";
export type { LedgerDirection } from "./ledger.ts";
export { readLedger, type ChecksumState, type LedgerLine } from "./ledger-lines.ts";
export type { LockHolder } from "./lock-holder.ts";
export {
  loadMigrations,
  type LoadMigrationsOptions,
  type Migrations,
  type MigrationsSource,
} from "./migrations.ts";
export { prepareStep, type PreparedStep } from "./prepared-step.ts";
export { withRevisionDatabase } from "./revision-database.ts";
export { offlineSql, offlineStampSql, runningLine, type OfflineSqlOptions } from "./offline-sql.ts";
export type { DatabaseOptions, FinishedStep, MigrateOptions, MigrateResult } from "./options.ts";
export { stepInfos } from "./step-infos.ts";
export { stamp, type StampOptions, type StampResult } from "./stamp.ts";
export {
  readStatus,
  statusWithoutDatabase,
  type Status,
  type StatusOptions,
  type UnfinishedRevision,
} from "./status.ts";
export { upgrade, type UpgradeOptions } from "./upgrade.ts";
export type { VersionTableOptions } from "./version-table.ts";
export * from "./versions-errors.ts";
export {
  assertAtHeads,
  waitForHeads,
  type WaitForHeadsEvent,
  type WaitForHeadsOptions,
} from "./wait-for-heads.ts";
export { migrationTarget, withDatabase } from "./with-database.ts";
