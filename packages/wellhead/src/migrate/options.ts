import type { Database } from "../database/index.ts";
import type { MigrateEvent } from "./events.ts";
import type { MigrationsSource } from "./migrations.ts";
import type { VersionTableOptions } from "./version-table.ts";

/** Which database: one that is open already, or one to open and close again. */
export interface DatabaseOptions {
  /** An open database; it stays open. */
  readonly database?: Database;
  /** A database URL, which then is the way of migrations too; default: the environment's, as `parseDatabaseUrl` reads it. */
  readonly url?: string;
  /** The environment to read; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder that the embedded Postgres' folder is relative to; default: the working directory. */
  readonly baseFolder?: string;
  /**
   * How long a database that does not answer is asked again, in milliseconds, also by a run that has lost its
   * connection; default 30,000; 0 asks once, and ends a run that loses its connection.
   */
  readonly connectTimeoutMs?: number;
  /** Told before each new attempt to reach a database that does not answer. */
  readonly onRetry?: (event: {
    readonly attempt: number;
    readonly reason: string;
    readonly waitMs: number;
  }) => void;
  /**
   * Ends the attempts to connect, and a run, when it is aborted: what the server runs for us is cancelled, what was not
   * committed is rolled back, and it fails with `E_INTERRUPTED`. A `transaction: none` revision keeps what is done. The
   * embedded Postgres, and a server that gives one session only, finish their statement first.
   */
  readonly signal?: AbortSignal;
  /** The name that the server's `pg_stat_activity` and the ledger show; default `wellhead`. */
  readonly applicationName?: string;
}

/** What every command that changes a database can be told. */
export interface MigrateOptions extends DatabaseOptions, VersionTableOptions {
  /** The migrations folder, or several in load order, or what `loadMigrations` made of them, now or when asked. */
  readonly migrations: MigrationsSource;
  /** `all`: everything pending in one transaction (default); `each`: one transaction a revision. */
  readonly transaction?: "all" | "each";
  /** How long to wait while another process migrates the same database, in milliseconds; default 300,000. */
  readonly waitForLockMs?: number;
  /** How long a statement waits for a lock before its transaction is given up and tried again, in milliseconds; default 2,000; 0 waits for ever. */
  readonly lockTimeoutMs?: number;
  /** How often a transaction is tried again after a lock timeout, a deadlock or a serialisation failure; default 20. */
  readonly lockRetries?: number;
  /** How long one statement may run, in milliseconds; default: no limit of ours. */
  readonly statementTimeoutMs?: number;
  readonly onEvent?: (event: MigrateEvent) => void;
}

/** What a run did, step by step. */
export interface MigrateResult {
  /** The versions before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly FinishedStep[];
}

/** A step that is committed, in the order in which it ran. */
export interface FinishedStep {
  readonly direction: "upgrade" | "downgrade";
  readonly revision: string;
  readonly durationMs: number;
  /** The version table's rows after the step, sorted. */
  readonly versionsAfter: readonly string[];
}
