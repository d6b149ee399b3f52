import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseOptions } from "./options.ts";
import { migrationTarget } from "./with-database.ts";

/** Whether there is a database to ask: an embedded one that was never made is not made by a question. */
export function databaseExists(options: DatabaseOptions): boolean {
  if (options.database !== undefined) return true;
  const { driver, database } = migrationTarget(options);
  return driver !== "pglite" || database === null || existsSync(resolve(options.baseFolder ?? "", database));
}
