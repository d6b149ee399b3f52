import { resolve } from "node:path";

import type { PGlite } from "@electric-sql/pglite";

import type { PgliteTarget } from "../../database-url/index.ts";
import type { Database } from "../session.ts";
import { emptyCluster } from "./cluster-image.ts";
import { fillFolder, folderFailure, prepareFolder } from "./data-folder.ts";
import { embeddedDatabase } from "./embedded-database.ts";
import { EmbeddedPostgres } from "./embedded-postgres.ts";
import { EmbeddedFailedError } from "./errors.ts";
import { lockFolder, type FolderLock } from "./folder-lock.ts";
import { startPGlite } from "./start-pglite.ts";

/** What opening the embedded Postgres needs to know beside the target. */
export interface PgliteDatabaseOptions {
  /** The folder that a relative one hangs from. */
  readonly baseFolder: string;
  readonly applicationName: string;
}

/** The name that stands for a database without a folder. */
const IN_MEMORY = ":memory:";

/** Opens the embedded Postgres in this process, on its folder or in memory. It has one session, which callers share in turn. */
export async function openPgliteDatabase(
  target: PgliteTarget,
  options: PgliteDatabaseOptions,
): Promise<Database> {
  const { applicationName } = options;
  if (target.database === IN_MEMORY)
    return await embeddedDatabase(new EmbeddedPostgres(startInMemoryOnce()), { applicationName });
  const folder = resolve(options.baseFolder, target.database);
  const lock = takeFolder(folder);
  try {
    await fillFolder(folder);
    const start = async () => await startPGlite({ shown: folder, dataDir: folder });
    const afterClose = () => lock.release();
    return await embeddedDatabase(new EmbeddedPostgres(start), { applicationName, afterClose });
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
    return await startPGlite({ shown: IN_MEMORY, dataDir: "memory://", image: await emptyCluster() });
  };
}
