// A dozen kills at random moments; `bench/kills.ts` does hundreds. The seed is printed with the title: TEST_SEED sets it.

import { describe, expect, inject, onTestFinished, test } from "vitest";

import { canStartPostgres, startPostgres } from "../support/test-database.ts";
import { KILLS, type KillName } from "./support/kill.ts";
import { runKilled, runUndisturbed, type TransactionMode } from "./support/kill-round.ts";
import { killPlanner } from "./support/plan-kills.ts";
import { seededRandom } from "./support/random.ts";

const seed = Number(process.env["TEST_SEED"] ?? "20251122");
const KILLS_EACH = 5;

describe.skipIf(!canStartPostgres)("an upgrade, then a downgrade, that is killed again and again", () => {
  const names = Object.keys(KILLS) as KillName[];
  const majors = inject("postgres").installations.map(({ major }) => major);
  const cases: (readonly [TransactionMode, number])[] = [
    ["all", majors.at(0) ?? 0],
    ["each", majors.at(-1) ?? 0],
  ];

  test.for(cases)(
    `leaves what an undisturbed one leaves (transaction %s, Postgres %i, seed ${seed})`,
    { timeout: 240_000 },
    async ([mode, major]) => {
      const server = await startPostgres({ major, settings: { synchronous_commit: "on" } });
      onTestFinished(async () => await server.stop());
      const random = seededRandom(seed + major);
      const arena = { server, mode, random };
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
