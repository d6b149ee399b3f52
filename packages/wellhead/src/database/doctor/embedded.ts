import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { PgliteTarget } from "../../database-url/index.ts";
import { folderFailure } from "../embedded/data-folder.ts";
import { assertFolderIsFree } from "../embedded/folder-lock.ts";
import { openPgliteDatabase } from "../embedded/pglite-database.ts";
import type { Database } from "../session.ts";
import type { Finding } from "./checkup.ts";

/** An embedded Postgres and the folder that a relative one hangs from. */
export interface EmbeddedPlace {
  readonly target: PgliteTarget;
  readonly baseFolder: string;
}

/** Whether the folder is there, may be written, and is nobody else's right now. */
export async function checkFolder({
  target,
  baseFolder,
}: EmbeddedPlace): Promise<Finding<{ readonly isThere: boolean }>> {
  if (target.database === ":memory:")
    return {
      kind: "holds",
      detail: "none: it lives in memory",
      hint: "all data goes with the process; name a folder to keep it (pglite://./.data/pglite)",
      value: { isThere: true },
    };
  const folder = resolve(baseFolder, target.database);
  try {
    const isThere = existsSync(folder);
    accessSync(nearestFolder(folder), constants.W_OK);
    if (isThere && statSync(folder).isDirectory()) assertFolderIsFree(folder);
    return isThere
      ? { kind: "holds", detail: `${folder} is there, and no other process has it open`, value: { isThere } }
      : {
          kind: "holds",
          detail: `${folder} is not there yet, and can be made`,
          hint: "`wellhead upgrade` makes it",
          value: { isThere },
        };
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

/** Starts the embedded Postgres on its folder. The database is to be closed. */
export async function checkOpen({ target, baseFolder }: EmbeddedPlace): Promise<Finding<Database>> {
  const database = await openPgliteDatabase(target, { baseFolder, applicationName: "wellhead doctor" });
  return { kind: "holds", detail: "it has started, and answers", value: database };
}
