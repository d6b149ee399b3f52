import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Change } from "./changes.ts";
import { runProcess, type Cost } from "./run-process.ts";
import { one, type ScratchServer } from "./scratch-server.ts";

const nodeFloor = fileURLToPath(new URL("node-floor.mjs", import.meta.url));

/** What is measured beside the tools, round by round: the least that each kind of run can cost. */
export interface Floors {
  /** A bare Node process that imports pg, connects, asks one SELECT and ends. */
  readonly node: () => Promise<Cost>;
  /** `psql -1 -f` of all changes, in one transaction; undefined where there is no psql. */
  readonly psql: (() => Promise<Cost>) | undefined;
}

export async function floorsOn(
  server: ScratchServer,
  folder: string,
  changes: readonly Change[],
): Promise<Floors> {
  // The first connection to a new database takes longer than those after it.
  const inUse = await server.emptyDatabase("floor_in_use");
  await one(inUse, "SELECT 1");
  const file = join(folder, "changes.sql");
  writeFileSync(file, changes.map(({ sql }) => `${sql};\n`).join(""));
  const hasPsql = spawnSync("psql", ["--version"]).status === 0;
  const psql = async (): Promise<Cost> => {
    const databaseUrl = await server.emptyDatabase("floor");
    const options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-1", "-f", file];
    return await runProcess(["psql", databaseUrl, ...options], { cwd: folder, databaseUrl });
  };
  return {
    node: async () => await runProcess([process.execPath, nodeFloor], { cwd: folder, databaseUrl: inUse }),
    psql: hasPsql ? psql : undefined,
  };
}
