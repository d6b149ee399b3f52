/**
 * Wellhead: migrations as a revision graph, one way to the database, every write lands.
 *
 * @module
 */
export {
  ConfigurationInvalidError,
  ConfigurationMissingError,
  ConfigurationUnreadableError,
  defineConfig,
  findConfiguration,
  type FoundConfiguration,
  type WellheadConfiguration,
} from "./configuration/index.ts";
export {
  databaseUrlWarning,
  parseDatabaseUrl,
  parseMigrationDatabaseUrl,
  type DatabaseTarget,
} from "./database-url/index.ts";
export * from "./database/index.ts";
export * from "./migrate/index.ts";
export type { RevisionDatabase, RevisionModule, StaticRevision } from "./revisions/index.ts";
export { WellheadError, type WellheadErrorOptions } from "./wellhead-error.ts";
