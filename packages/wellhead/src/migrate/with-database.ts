import { parseGivenUrl, parseMigrationDatabaseUrl, type DatabaseTarget } from "../database-url/index.ts";
import { openDatabase, type Database } from "../database/index.ts";
import { meanwhile } from "./meanwhile.ts";
import { loadMigrations, type Migrations } from "./migrations.ts";
import type { DatabaseOptions, MigrateOptions } from "./options.ts";

/** Gives `work` the database that the options name; one that was opened for it is closed after it. */
export async function withDatabase<T>(
  options: DatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (options.database !== undefined) return await work(options.database);
  return await closing(await open(options, migrationTarget(options)), work);
}

/**
 * The same, with the migrations. They are read while a server makes ready for us: connecting is waiting, and reading
 * is work. What is wrong with the files is told first, whether the database answers or not.
 */
export async function withMigrations<T>(
  options: MigrateOptions,
  work: (database: Database, migrations: Migrations) => Promise<T>,
): Promise<T> {
  const load = (): Migrations => loadMigrations(options.migrations);
  const target = options.database === undefined ? migrationTarget(options) : undefined;
  if (target?.driver !== "pg") {
    const migrations = load();
    return await withDatabase(options, async (database) => await work(database, migrations));
  }
  const unwanted = new AbortController();
  const opening = open(options, target, unwanted.signal);
  // It is awaited below, unless the files have something to say first.
  opening.catch(() => undefined);
  const migrations = await meanwhile(load).catch((error: unknown) => {
    unwanted.abort();
    opening.then(async (database) => await database.close()).catch(() => undefined);
    throw error;
  });
  return await closing(await opening, async (database) => await work(database, migrations));
}

async function open(
  options: DatabaseOptions,
  target: DatabaseTarget,
  unwanted?: AbortSignal,
): Promise<Database> {
  const signals = [options.signal, unwanted].filter((signal) => signal !== undefined);
  return await openDatabase(withoutPoolLimit(target), {
    // One holds the lock, one runs what cannot be in its transaction, one looks on while they wait: opened only then.
    maxSessions: 3,
    applicationName: options.applicationName ?? "wellhead",
    ...(options.baseFolder !== undefined && { baseFolder: options.baseFolder }),
    ...(options.connectTimeoutMs !== undefined && { connectTimeoutMs: options.connectTimeoutMs }),
    ...(options.onRetry !== undefined && { onRetry: options.onRetry }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  });
}

/** A URL's `connection_limit` is meant for the application's pool; a run outside a transaction needs two sessions. */
function withoutPoolLimit(target: DatabaseTarget): DatabaseTarget {
  if (target.driver !== "pg" || target.params?.poolMax === undefined) return target;
  const { poolMax: _limit, ...params } = target.params;
  return { ...target, params };
}

async function closing<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
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
  return url === undefined ? parseMigrationDatabaseUrl(env) : parseGivenUrl(url, "url", env);
}
