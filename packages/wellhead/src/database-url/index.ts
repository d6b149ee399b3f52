export { parseDatabaseUrl, parseGivenUrl, parseMigrationDatabaseUrl } from "./parse-database-url.ts";
export { databaseUrlWarning, type DatabaseUrlWarningCode } from "./warnings.ts";
export type {
  ConnectionParameters,
  DatabaseTarget,
  HostAndPort,
  MigrationRoute,
  PgliteTarget,
  PgTarget,
  PoolMode,
  SqliteTarget,
  SslMode,
  TargetSessionAttrs,
  TlsOptions,
} from "./database-target.ts";
export type { Environment } from "./settings.ts";
export {
  DatabaseUrlAmbiguousError,
  DatabaseUrlCaRequiredError,
  DatabaseUrlConflictError,
  DatabaseUrlDatabaseError,
  DatabaseUrlEncodingError,
  DatabaseUrlError,
  DatabaseUrlHostError,
  DatabaseUrlMissingError,
  DatabaseUrlMultilineError,
  DatabaseUrlNotAUrlError,
  DatabaseUrlParameterError,
  DatabaseUrlPlaceholderError,
  DatabaseUrlPortError,
  DatabaseUrlSslModeError,
  DatabaseUrlUserError,
  EphemeralDatabaseError,
  UnsupportedDialectError,
} from "./errors.ts";
