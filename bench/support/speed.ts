import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Change } from "./changes.ts";
import type { Floors } from "./floors.ts";
import type { InstalledPeer } from "./install-peer.ts";
import { runProcess, type Cost } from "./run-process.ts";
import { one, type ScratchServer } from "./scratch-server.ts";

/** The runs of one tool, round by round. */
export interface Speed {
  /** All changes on an empty database. */
  readonly cold: Cost[];
  /** The same again, with nothing to do. */
  readonly idle: Cost[];
}

export interface SpeedResult {
  readonly tools: ReadonlyMap<InstalledPeer, Speed>;
  readonly nodeFloor: readonly Cost[];
  readonly psqlFloor: readonly Cost[];
  /** Why a tool is not in the table. */
  readonly failures: readonly string[];
}

/**
 * Runs every tool once a round, so that a noisy minute meets all of them. A round before the first shows whether the
 * tool works at all, and warms caches.
 */
export async function measureSpeed(
  server: ScratchServer,
  installed: readonly InstalledPeer[],
  floors: Floors,
  { changes, rounds }: { readonly changes: readonly Change[]; readonly rounds: number },
): Promise<SpeedResult> {
  const tools = new Map<InstalledPeer, Speed>();
  const failures: string[] = [];
  for (const each of installed) {
    const failure = await tryOut(server, each, changes);
    if (failure === undefined) tools.set(each, { cold: [], idle: [] });
    else failures.push(`${each.peer.name}: ${failure}`);
  }
  const nodeFloor: Cost[] = [];
  const psqlFloor: Cost[] = [];
  for (let round = 0; round < rounds; round += 1) {
    nodeFloor.push(await floors.node());
    if (floors.psql !== undefined) psqlFloor.push(await floors.psql());
    for (const [each, speed] of tools) {
      const databaseUrl = await server.emptyDatabase("speed");
      speed.cold.push(await run(each, databaseUrl));
      speed.idle.push(await run(each, databaseUrl));
    }
  }
  return { tools, nodeFloor, psqlFloor, failures };
}

/** Writes the changes in the tool's own form and runs them once; what is wrong, if anything is. */
async function tryOut(
  server: ScratchServer,
  installed: InstalledPeer,
  changes: readonly Change[],
): Promise<string | undefined> {
  mkdirSync(projectOf(installed), { recursive: true });
  installed.peer.write(projectOf(installed), changes);
  const databaseUrl = await server.emptyDatabase("speed");
  for (const what of ["the first run", "the run with nothing to do"]) {
    const { exitCode, stderr } = await run(installed, databaseUrl);
    if (exitCode !== 0) return `${what} ended with ${exitCode}: ${stderr.trim().slice(0, 500)}`;
  }
  const tables = await one(
    databaseUrl,
    "SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]{2}$'",
  );
  const rows = await one(databaseUrl, "SELECT count(*)::int FROM t39");
  return tables === 40 && rows === 5
    ? undefined
    : `made ${String(tables)} tables instead of 40, ${String(rows)} rows instead of 5`;
}

async function run(installed: InstalledPeer, databaseUrl: string): Promise<Cost> {
  return await runProcess(installed.peer.command(installed.folder), {
    cwd: projectOf(installed),
    databaseUrl,
  });
}

function projectOf({ folder }: InstalledPeer): string {
  return join(folder, "speed");
}
