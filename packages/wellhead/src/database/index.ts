export { bannerLine, connectivityFailedLine, connectivityOkLine } from "./banner.ts";
export {
  ConnectAbortedError,
  ConnectError,
  ConnectFailedError,
  ConnectionDroppedError,
  ConnectionRefusedError,
  ConnectTimeoutError,
  DatabaseMissingError,
  HostUnreachableError,
  NameNotFoundError,
  NoSuitableServerError,
  PasswordError,
  RoleRefusedError,
  ServerRejectedError,
  StartingUpError,
  TooManyConnectionsError,
} from "./connect-errors.ts";
export type { RetryEvent } from "./connect-retry.ts";
export type { Checkup, DoctorCheck, DoctorReport, Finding } from "./doctor/checkup.ts";
export { examineDatabase } from "./doctor/examine.ts";
export type { ExamineOptions, ReachedDatabase } from "./doctor/examine-options.ts";
export type { UrlSource } from "./doctor/url.ts";
export { EMBEDDED_EXTENSIONS } from "./embedded/contrib.ts";
export {
  EmbeddedFailedError,
  EmbeddedFolderError,
  EmbeddedInUseError,
  EmbeddedVersionError,
  StatementLimitError,
  type FolderHolder,
} from "./embedded/errors.ts";
export {
  ConnectionLostError,
  DatabaseClosedError,
  DatabaseTimeoutError,
  NestedSessionError,
  SessionReleasedError,
  StatementError,
  TransactionAbortedError,
  TransactionEndedError,
  UnsupportedDialectError,
  ValueError,
  type StatementFailure,
} from "./errors.ts";
export {
  openEmbeddedWorker,
  type EmbeddedWorker,
  type OpenEmbeddedWorkerOptions,
} from "./embedded/embedded-worker.ts";
export { openDatabase, type OpenDatabaseOptions } from "./open-database.ts";
export type { Database, Row, Session, SessionCounts, SessionOptions } from "./session.ts";
export { TlsError, type TlsProblem } from "./tls-errors.ts";
export { checkWritable, ReadOnlyError, type Writability } from "./writable.ts";
