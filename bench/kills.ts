// Kills `wellhead upgrade` and `wellhead downgrade` at random moments, again and again, and compares what is left in the end with a run that
// was not killed: schema, rows, version table, ledger.
// Run: node --conditions=wellhead-source bench/kills.ts [--kills 200] [--seed 1] [--major 18] [--pooler transaction|session]

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { KILLS, PHASES, type KillName } from "../test/durability/support/kill.ts";
import { runKilled, runUndisturbed, type KilledRun } from "../test/durability/support/kill-round.ts";
import { startPgBouncer, type PgBouncer } from "../test/durability/support/pgbouncer.ts";
import { killPlanner } from "../test/durability/support/plan-kills.ts";
import { seededRandom } from "../test/durability/support/random.ts";
import { preparePostgres, type PostgresInstallation } from "../test/support/postgres-installation.ts";
import { startPostgresServer, type PostgresServer } from "../test/support/postgres-server.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    major: { type: "string", default: "18" },
    pooler: { type: "string" },
  },
});
const names = Object.keys(KILLS) as KillName[];

const folder = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
chmodSync(folder, 0o755);
try {
  const installation = preparePostgres(Number(values.major), folder);
  if (installation === undefined) throw new Error(`There are no binaries of Postgres ${values.major} here.`);
  const server = await startPostgresServer(installation, { settings: { synchronous_commit: "on" } });
  const pooler = await startPooler(server, installation);
  try {
    const through = pooler === undefined ? "" : `, through PgBouncer in ${values.pooler} mode`;
    console.log(`Postgres ${values.major}${through}, seed ${values.seed}`);
    const begun = performance.now();
    const runs = await killUntil(Number(values.kills));
    print(runs, performance.now() - begun);

    async function killUntil(wanted: number): Promise<readonly KilledRun[]> {
      const random = seededRandom(Number(values.seed));
      const done: KilledRun[] = [];
      for (let round = 0; killed(done).length < wanted; round += 1) {
        const mode = round % 2 === 0 ? ("all" as const) : ("each" as const);
        const arena = { server, mode, random, ...(pooler !== undefined && { through: pooler.through }) };
        const undisturbed = await runUndisturbed(arena);
        for (let again = 0; again < 10 && killed(done).length < wanted; again += 1) {
          done.push(...(await runKilled(arena, undisturbed, killPlanner(random, names, 3))));
          if (process.stderr.isTTY) process.stderr.write(`\r${killed(done).length} kills `);
        }
      }
      return done;
    }
  } finally {
    await pooler?.stop();
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function startPooler(
  server: PostgresServer,
  { user }: PostgresInstallation,
): Promise<PgBouncer | undefined> {
  const { pooler } = values;
  if (pooler === undefined) return undefined;
  if (pooler !== "transaction" && pooler !== "session") throw new Error(`There is no mode ${pooler}.`);
  return await startPgBouncer({ mode: pooler, server: server.url(), user });
}

function killed(runs: readonly KilledRun[]): readonly KilledRun[] {
  return runs.filter((run) => run.phase !== undefined);
}

function print(runs: readonly KilledRun[], elapsedMs: number): void {
  const kills = killed(runs);
  console.log(
    `${kills.length} kills in ${Math.round(elapsedMs / 1000)} s; in the end every database was as if there had been none.\n`,
  );
  console.log(
    `| ${"killed".padEnd(36)} | ${PHASES.map((phase) => phase).join(" | ")} | kills | exit 1 | went on |`,
  );
  console.log(`| --- |${" ---: |".repeat(PHASES.length + 3)}`);
  for (const name of names) {
    const of = kills.filter((run) => run.kill.name === name);
    const cells = [
      ...PHASES.map((phase) => of.filter((run) => run.phase === phase).length),
      of.length,
      of.filter((run) => run.end.exitCode === 1).length,
      of.filter((run) => run.end.exitCode === 0).length,
    ];
    console.log(`| ${name.padEnd(36)} | ${cells.join(" | ")} |`);
  }
}
