import type { DatabaseTarget } from "../database-url/index.ts";
import type { RetryEvent } from "./connect-retry.ts";
import { UnsupportedDialectError } from "./errors.ts";
import type { Database } from "./session.ts";

/** How to open a database. */
export interface OpenDatabaseOptions {
  /** How many sessions may be open at once; default 1, at most what the URL says. The embedded Postgres has one. */
  readonly maxSessions?: number;
  /** How long an unused session stays open, in milliseconds; default 30,000. The embedded Postgres keeps its own. */
  readonly idleTimeoutMs?: number;
  /** What `pg_stat_activity` shows, unless the URL names it; default `wellhead`. */
  readonly applicationName?: string;
  /** How long to go on trying while the database does not answer, in milliseconds; default 30,000, 0 for one attempt. */
  readonly connectTimeoutMs?: number;
  /** The folder that the embedded Postgres' folder is relative to; default: the working directory. */
  readonly baseFolder?: string;
  /** Told before each wait for the next attempt. */
  readonly onRetry?: (event: RetryEvent) => void;
  /** Ends the attempts when it is aborted; it has no say once the database is open. */
  readonly signal?: AbortSignal;
  /** Where a certificate in a variable is read from; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the database that a target names, and returns once it has answered. Close it, or the process may not end.
 * Only the driver that is needed is loaded.
 *
 * @throws {ConnectError} `E_DB_CONNECT_…`: what is wrong, for how long it was tried, and what to do
 * @throws {UnsupportedDialectError} `E_DB_UNSUPPORTED_DIALECT` for SQLite
 * @throws {EmbeddedInUseError} `E_DB_EMBEDDED_IN_USE`; further `E_DB_EMBEDDED_…` for a folder that will not do
 *
 * @example
 * const database = await openDatabase(parseDatabaseUrl(process.env));
 * try {
 *   await database.transaction(async (session) => {
 *     await session.query("INSERT INTO note (text) VALUES ($1)", ["it landed"]);
 *   });
 * } finally {
 *   await database.close();
 * }
 */
export async function openDatabase(
  target: DatabaseTarget,
  options: OpenDatabaseOptions = {},
): Promise<Database> {
  switch (target.driver) {
    case "pg": {
      const { openPgDatabase } = await import("./pg-database.ts");
      return await openPgDatabase(target, {
        maxSessions: options.maxSessions ?? 1,
        idleTimeoutMs: options.idleTimeoutMs,
        applicationName: options.applicationName ?? "wellhead",
        connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
        onRetry: options.onRetry,
        signal: options.signal,
        env: options.env ?? process.env,
      });
    }
    case "pglite": {
      const { openPgliteDatabase } = await import("./embedded/pglite-database.ts");
      return await openPgliteDatabase(target, {
        baseFolder: options.baseFolder ?? process.cwd(),
        applicationName: options.applicationName ?? "wellhead",
      });
    }
    case "sqlite":
      throw new UnsupportedDialectError(target.display);
    default:
      return target satisfies never;
  }
}
