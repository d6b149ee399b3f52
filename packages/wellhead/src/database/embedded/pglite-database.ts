import { resolve } from "node:path";

import type { PGlite } from "@electric-sql/pglite";
import { Client } from "pg";

import type { PgliteTarget } from "../../database-url/index.ts";
import { PgConnection } from "../pg-connection.ts";
import { PooledDatabase } from "../pooled-database.ts";
import { SessionPool } from "../session-pool.ts";
import type { Database } from "../session.ts";
import { emptyCluster } from "./cluster-image.ts";
import { fillFolder, folderFailure, prepareFolder } from "./data-folder.ts";
import { EmbeddedPostgres } from "./embedded-postgres.ts";
import { EmbeddedFailedError } from "./errors.ts";
import { lockFolder, type FolderLock } from "./folder-lock.ts";
import { loadPGlite } from "./load-pglite.ts";
import { PgliteSocket } from "./pglite-socket.ts";

/** What opening the embedded Postgres needs to know beside the target. */
export interface PgliteDatabaseOptions {
  /** The folder that a relative one hangs from. */
  readonly baseFolder: string;
  readonly applicationName: string;
}

/** How many lines of Postgres' log are kept for a message. */
const KEPT_LINES = 20;

/** The name that stands for a database without a folder. */
const IN_MEMORY = ":memory:";

/** Opens the embedded Postgres in this process, on its folder or in memory. It has one session, which callers share in turn. */
export async function openPgliteDatabase(
  target: PgliteTarget,
  options: PgliteDatabaseOptions,
): Promise<Database> {
  const { applicationName } = options;
  if (target.database === IN_MEMORY)
    return await openWith(new EmbeddedPostgres(startInMemoryOnce()), applicationName);
  const folder = resolve(options.baseFolder, target.database);
  const lock = takeFolder(folder);
  try {
    await fillFolder(folder);
    const postgres = new EmbeddedPostgres(async () => await startPGlite(folder, folder));
    return await openWith(postgres, applicationName, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function takeFolder(folder: string): FolderLock {
  try {
    prepareFolder(folder);
    return lockFolder(folder);
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

/** A start in memory is possible once: a second one would be an empty database where there was a full one. */
function startInMemoryOnce(): () => Promise<PGlite> {
  let isFirst = true;
  return async () => {
    if (!isFirst)
      throw new EmbeddedFailedError(IN_MEMORY, "it has crashed, and with it went the data in memory.");
    isFirst = false;
    return await startPGlite(IN_MEMORY, "memory://", new Blob([await emptyCluster()]));
  };
}

async function startPGlite(shown: string, dataDir: string, loadDataDir?: Blob): Promise<PGlite> {
  const { PGlite } = await loadPGlite();
  const said: string[] = [];
  try {
    return await PGlite.create(dataDir, {
      ...(loadDataDir !== undefined && { loadDataDir }),
      // An acknowledged commit must be in the files.
      relaxedDurability: false,
      onStderr: (line) => {
        said.push(line);
        if (said.length > KEPT_LINES) said.shift();
        return false;
      },
    });
  } catch (error) {
    throw new EmbeddedFailedError(shown, lastWords(said, error));
  }
}

/** What Postgres said before it gave up; PGlite's own error says little and shows 400 kB of its source. */
function lastWords(said: readonly string[], error: unknown): string {
  const fatal = said.findLast((line) => /FATAL|PANIC/.test(line)) ?? said.at(-1);
  return (fatal ?? (error instanceof Error ? error.message : String(error))).slice(0, 500);
}

async function openWith(
  postgres: EmbeddedPostgres,
  applicationName: string,
  lock?: FolderLock,
): Promise<Database> {
  const open = async () => await connect(postgres, applicationName);
  const pool = new SessionPool({ open, maxSessions: 1, idleTimeoutMs: "never" });
  const close = async () => {
    await postgres.close().catch(() => undefined);
    lock?.release();
  };
  try {
    pool.add(await open());
    return new PooledDatabase(pool, { isEmbedded: true, afterClose: close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** A connection in a clean state: there is one session behind all of them, which the one before may have left in a mess. */
async function connect(postgres: EmbeddedPostgres, applicationName: string): Promise<PgConnection> {
  await postgres.start();
  const client = new Client({
    stream: () => new PgliteSocket(postgres),
    user: "postgres",
    database: "postgres",
    host: "embedded",
    port: 5432,
    password: () => "",
    ssl: false,
    sslnegotiation: "postgres",
    client_encoding: "utf8",
  });
  const connection = new PgConnection(client);
  await client.connect();
  await connection.run("ROLLBACK");
  await connection.run("DISCARD ALL");
  await connection.query("SELECT pg_catalog.set_config('application_name', $1, false)", [applicationName]);
  return connection;
}
