// Kills `wellhead upgrade` and `wellhead downgrade` at random moments, again and again, and compares what is left in the end with a run that
// was not killed: schema, rows, version table, ledger.
// Run: node --conditions=wellhead-source bench/kills.ts [--kills 200] [--seed 1] [--major 18] [--pooler transaction|session] [--write docs/performance.md]

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { KILLS, PHASES, type KillName } from "../test/durability/support/kill.ts";
import { runKilled, runUndisturbed, type KilledRun } from "../test/durability/support/kill-round.ts";
import { startPgBouncer, type PgBouncer } from "../test/durability/support/pgbouncer.ts";
import { killPlanner } from "../test/durability/support/plan-kills.ts";
import { seededRandom } from "../test/durability/support/random.ts";
import { markdownTable } from "./support/markdown-table.ts";
import { writeSection } from "./support/write-section.ts";
import { setup as bundleCli } from "../test/support/cli-command.ts";
import { preparePostgres, type PostgresInstallation } from "../test/support/postgres-installation.ts";
import { startPostgresServer, type PostgresServer } from "../test/support/postgres-server.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    major: { type: "string", default: "18" },
    pooler: { type: "string" },
    write: { type: "string" },
  },
});
const names = Object.keys(KILLS) as KillName[];

const folder = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
chmodSync(folder, 0o755);
const removeBundle = await bundleCli();
try {
  const installation = preparePostgres(Number(values.major), folder);
  if (installation === undefined) throw new Error(`There are no binaries of Postgres ${values.major} here.`);
  const server = await startPostgresServer(installation, { settings: { synchronous_commit: "on" } });
  const pooler = await startPooler(server, installation);
  try {
    const through = pooler === undefined ? "" : `, through PgBouncer in ${values.pooler} mode`;
    const begun = performance.now();
    const runs = await killUntil(Number(values.kills));
    const report = reportOn(runs, performance.now() - begun);
    console.log(report);
    if (values.write !== undefined)
      writeSection(values.write, `Killed, on Postgres ${values.major}${through}`, report);

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
  removeBundle();
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

function reportOn(runs: readonly KilledRun[], elapsedMs: number): string {
  const kills = killed(runs);
  const rows = names.map((name) => {
    const of = kills.filter((run) => run.kill.name === name);
    return [
      name,
      ...PHASES.map((phase) => String(of.filter((run) => run.phase === phase).length)),
      String(of.length),
      String(of.filter((run) => run.end.exitCode === 1).length),
      String(of.filter((run) => run.end.exitCode === 0).length),
    ];
  });
  return [
    `Made by \`node --conditions=wellhead-source bench/kills.ts ${process.argv.slice(2).join(" ")}\` on ${new Date().toISOString().slice(0, 10)}.`,
    `${kills.length} kills in ${Math.round(elapsedMs / 1000)} s (seed ${values.seed}); in the end every database was as if there had been none: schema, rows, version table, ledger.`,
    markdownTable(["killed", ...PHASES, "kills", "exit 1", "went on"], rows),
  ].join("\n\n");
}
