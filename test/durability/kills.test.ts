// A dozen kills at random moments; `bench/kills.ts` does hundreds. The seed is printed with the title: TEST_SEED sets it.

import { describe, expect, inject, onTestFinished, test } from "vitest";

import type { PostgresServer } from "../support/postgres-server.ts";
import { canStartPostgres, startPostgres } from "../support/test-database.ts";
import { KILLS, type KillName } from "./support/kill.ts";
import { runKilled, runUndisturbed, type TransactionMode } from "./support/kill-round.ts";
import { pgBouncerPath, startPgBouncer, type PgBouncer } from "./support/pgbouncer.ts";
import { killPlanner } from "./support/plan-kills.ts";
import { seededRandom } from "./support/random.ts";

const seed = Number(process.env["TEST_SEED"] ?? "20251122");
const KILLS_EACH = 5;

describe.skipIf(!canStartPostgres)("an upgrade, then a downgrade, that is killed again and again", () => {
  const names = Object.keys(KILLS) as KillName[];
  const majors = inject("postgres").installations.map(({ major }) => major);
  const cases: (readonly [TransactionMode, number, "straight" | "through PgBouncer"])[] = [
    ["all", majors.at(0) ?? 0, "straight"],
    ["each", majors.at(-1) ?? 0, "straight"],
    ["all", majors.at(-1) ?? 0, "through PgBouncer"],
  ];

  test.for(cases)(
    `leaves what an undisturbed one leaves (transaction %s, Postgres %i, %s, seed ${seed})`,
    { timeout: 240_000 },
    async ([mode, major, way], { skip }) => {
      if (way === "through PgBouncer" && pgBouncerPath === undefined) skip("PgBouncer is not installed here");
      const server = await startPostgres({ major, settings: { synchronous_commit: "on" } });
      onTestFinished(async () => await server.stop());
      const random = seededRandom(seed + major + (way === "straight" ? 0 : 1));
      const arena = { server, mode, random, ...(way === "through PgBouncer" && (await pooled(server))) };
      const undisturbed = await runUndisturbed(arena);
      let kills = 0;
      while (kills < KILLS_EACH) {
        // It throws with the whole story when a run ends badly or the database differs.
        const runs = await runKilled(arena, undisturbed, killPlanner(random, names, 2));
        kills += runs.filter((run) => run.phase !== undefined).length;
      }
      expect(kills).toBeGreaterThanOrEqual(KILLS_EACH);
    },
  );
});

async function pooled(server: PostgresServer): Promise<Pick<PgBouncer, "through">> {
  const user = inject("postgres").installations.at(-1)?.user ?? {};
  const pooler = await startPgBouncer({ mode: "transaction", server: server.url(), user });
  onTestFinished(async () => await pooler.stop());
  return pooler;
}
