import { parseDatabaseUrl, parseMigrationDatabaseUrl, type DatabaseTarget } from "../database-url/index.ts";
import { openDatabase, type Database } from "../database/index.ts";
import type { DatabaseOptions } from "./options.ts";

/** Gives `work` the database that the options name; one that was opened for it is closed after it. */
export async function withDatabase<T>(
  options: DatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (options.database !== undefined) return await work(options.database);
  const database = await openDatabase(migrationTarget(options), {
    // The second session looks on while the first waits for a lock; it is opened only then.
    maxSessions: 2,
    applicationName: options.applicationName ?? "wellhead",
    ...(options.baseFolder !== undefined && { baseFolder: options.baseFolder }),
    ...(options.connectTimeoutMs !== undefined && { connectTimeoutMs: options.connectTimeoutMs }),
    ...(options.onRetry !== undefined && { onRetry: options.onRetry }),
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * Where migrations connect: the URL that was given, else the environment's. Where the environment also names a way
 * around a pooler (`DIRECT_URL` and the like), migrations take that one.
 */
export function migrationTarget({
  url,
  env = process.env,
}: Pick<DatabaseOptions, "url" | "env">): DatabaseTarget {
  return url === undefined ? parseMigrationDatabaseUrl(env) : parseDatabaseUrl({ ...env, DATABASE_URL: url });
}
