// The embedded Postgres lives in the process that is killed, and has to recover from its files.

import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { openDatabase, parseDatabaseUrl } from "../../packages/wellhead/src/index.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli, startCli } from "../support/run-cli.ts";
import { seededRandom } from "./support/random.ts";

const seed = Number(process.env["TEST_SEED"] ?? "20251122");
const ROUNDS = 3;
const url = "pglite://./data";

const revisions = [
  {
    id: "a",
    upgrade:
      "CREATE TABLE t (id int, qty int); INSERT INTO t SELECT n, 0 FROM generate_series(1, 5000) n; CREATE TABLE log (word text);",
  },
  { id: "b", revises: "a", upgrade: "UPDATE t SET qty = qty + 1; INSERT INTO log VALUES ('b');" },
  {
    id: "c",
    revises: "b",
    head: ["transaction: none"],
    upgrade:
      "INSERT INTO log VALUES ('c 1');\nCREATE INDEX CONCURRENTLY t_qty ON t (qty);\nVACUUM t;\nUPDATE t SET qty = qty + 1;\nINSERT INTO log VALUES ('c 2');",
  },
  { id: "d", revises: "c", upgrade: "ALTER TABLE t ADD note text; INSERT INTO log VALUES ('d');" },
];

test(
  `an upgrade of the embedded Postgres that is killed is carried on (seed ${seed})`,
  { timeout: 120_000 },
  async () => {
    const random = seededRandom(seed);
    const migrations = migrationsFolder(...revisions);
    for (let round = 0; round < ROUNDS; round += 1) {
      const cwd = temporaryFolder();
      const options = { cwd, env: { DATABASE_URL: url }, limitMs: 60_000 };
      const argv = ["upgrade", "--dir", migrations, ...(round % 2 === 0 ? ["--transaction", "each"] : [])];
      const { child, result } = startCli(argv, options);
      const killAt = Math.floor(random() * revisions.length);
      const delayMs = Math.floor(random() * 60);
      let lines = 0;
      child.stdout?.on("data", (text: string) => {
        lines += text.split("Running ").length - 1;
        if (lines > killAt) void sleep(delayMs).then(() => child.kill("SIGKILL"));
      });
      await result;
      const next = await runCli(argv, options);
      expect(next, `killed at ${killAt} + ${delayMs} ms`).toMatchObject({ exitCode: 0 });

      const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }), { baseFolder: cwd });
      try {
        const found = await database.withSession(
          async (session) =>
            await session.queryArrays(`SELECT array(SELECT word FROM log ORDER BY 1), (SELECT sum(qty)::int FROM t),
(SELECT indisvalid FROM pg_index WHERE indexrelid = 't_qty'::regclass), array(SELECT version_num::text FROM alembic_version),
array(SELECT revision FROM wellhead_ledger WHERE finished_at IS NOT NULL ORDER BY id)`),
        );
        expect(found).toEqual([[["b", "c 1", "c 2", "d"], 10_000, true, ["d"], ["a", "b", "c", "d"]]]);
      } finally {
        await database.close();
      }
    }
  },
);
