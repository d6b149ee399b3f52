import type { Database } from "../session.ts";

/** How to open an embedded Postgres in a thread of its own. */
export interface OpenEmbeddedWorkerOptions {
  /** An archive of a data folder to begin with, as `dump` gives it; default: an empty cluster. */
  readonly image?: Uint8Array;
  /** Extensions that CREATE EXTENSION can then create; default none. */
  readonly extensions?: readonly string[];
  /** How long a message to Postgres may take before the thread is ended, in milliseconds; default 30,000. */
  readonly statementLimitMs?: number;
  /** What `pg_stat_activity` shows; default `wellhead`. */
  readonly applicationName?: string;
  /** Ends the thread when it is aborted. */
  readonly signal?: AbortSignal;
}

/** An embedded Postgres in memory, in a thread of its own. */
export interface EmbeddedWorker {
  /** Close it: with it the thread ends and the data is gone. */
  readonly database: Database;
  /** An archive of all that is committed, to begin another one with. No transaction may be open. */
  dump(): Promise<Uint8Array>;
}

/**
 * Opens an embedded Postgres in memory, in a thread of its own: PGlite blocks the thread it runs in, and there it
 * blocks nobody's. A message that takes too long ends the thread, and all that was asked of it fails.
 *
 * @throws {EmbeddedFailedError} `E_DB_EMBEDDED_FAILED`
 */
export async function openEmbeddedWorker(options: OpenEmbeddedWorkerOptions = {}): Promise<EmbeddedWorker> {
  const [{ contribModules }, { embeddedDatabase }, { WorkerPostgres }] = await Promise.all([
    import("./contrib.ts"),
    import("./embedded-database.ts"),
    import("./worker-postgres.ts"),
  ]);
  const { image, extensions = [], statementLimitMs: limitMs = 30_000, signal } = options;
  const postgres = new WorkerPostgres({ image, modules: contribModules(extensions) }, { limitMs, signal });
  const database = await embeddedDatabase(postgres, {
    applicationName: options.applicationName ?? "wellhead",
  });
  return { database, dump: async () => await postgres.dump() };
}
