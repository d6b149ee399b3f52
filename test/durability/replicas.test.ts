// Sixteen replicas boot at once, each a process of its own, straight to the server and through a real PgBouncer.

import { describe, expect, inject, onTestFinished, test } from "vitest";

import { connectedDatabase, type ConnectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { newestOfOurs as newest } from "./support/own-servers.ts";
import { pgBouncerPath, startPgBouncer, type PoolMode } from "./support/pgbouncer.ts";

const REPLICAS = 16;

const stock = { id: "stock", upgrade: "CREATE TABLE stock (qty int); INSERT INTO stock VALUES (0);" };
const increments = [1, 2, 3, 4, 5].map((n) => ({
  id: `more${n}`,
  revises: n === 1 ? "stock" : `more${n - 1}`,
  upgrade: "UPDATE stock SET qty = qty + 1;",
}));

// Sixteen processes are much for a small machine, so each mode is tried once, on the newest server.

test.skipIf(newest === undefined)(
  "sixteen replicas at once, straight to the server: each exits well and each revision runs once",
  { timeout: 120_000 },
  async () => {
    const db = await newestDatabase();
    await bootTwice(db, db.url);
  },
);

describe.skipIf(newest === undefined || pgBouncerPath === undefined)(
  pgBouncerPath === undefined ? "through PgBouncer, which is not installed here" : "through PgBouncer",
  () => {
    test.for<PoolMode>(["transaction", "session"])(
      "sixteen replicas at once in %s mode: each exits well and each revision runs once",
      { timeout: 120_000 },
      async (mode) => {
        const db = await newestDatabase();
        await bootTwice(db, await pooled(db.url, mode));
      },
    );

    test.for<PoolMode>(["transaction", "session"])(
      "an index is built concurrently while others wait, in %s mode",
      { timeout: 120_000 },
      async (mode) => {
        const db = await newestDatabase();
        const url = await pooled(db.url, mode);
        const migrations = migrationsFolder(stock, ...increments, {
          id: "index",
          revises: "more5",
          head: ["transaction: none"],
          upgrade:
            "INSERT INTO stock VALUES (100);\nCREATE INDEX CONCURRENTLY stock_qty ON stock (qty);\nSELECT pg_sleep(1);",
        });
        const results = await boot(8, url, migrations);
        expect(results.map(outcome)).toEqual(results.map(() => "exit 0"));
        expect(
          results.filter((result) => result.stderr.includes("waiting for process")).length,
        ).toBeGreaterThan(0);
        expect(await db.rows("SELECT sum(qty)::int AS qty, count(*)::int AS n FROM stock")).toEqual([
          { qty: 105, n: 2 },
        ]);
        expect(await db.rows("SELECT count(*)::int AS n FROM pg_index WHERE NOT indisvalid")).toEqual([
          { n: 0 },
        ]);
      },
    );
  },
);

/** On an empty database, then on one with revisions pending. */
async function bootTwice(db: ConnectedDatabase, url: string): Promise<void> {
  const migrations = migrationsFolder(stock);
  const first = await boot(REPLICAS, url, migrations);
  expect(first.map(outcome)).toEqual(first.map(() => "exit 0"));
  expect(await db.rows("SELECT qty FROM stock")).toEqual([{ qty: 0 }]);

  for (const revision of increments) writeRevision(migrations, revision);
  const second = await boot(REPLICAS, url, migrations);
  expect(second.map(outcome)).toEqual(second.map(() => "exit 0"));
  expect(await db.rows("SELECT qty FROM stock")).toEqual([{ qty: increments.length }]);
  expect(await db.rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "more5" }]);
  expect(await db.rows("SELECT revision FROM wellhead_ledger ORDER BY id")).toEqual(
    [stock, ...increments].map(({ id }) => ({ revision: id })),
  );
}

async function boot(replicas: number, url: string, migrations: string): Promise<readonly CliResult[]> {
  const cwd = temporaryFolder();
  return await Promise.all(
    Array.from({ length: replicas }, async (_, index) => {
      const env = { DATABASE_URL: `${url}?application_name=replica${index + 1}` };
      return await runCli(["upgrade", "--dir", migrations], { cwd, env });
    }),
  );
}

/** How a replica ended; what it said too, when it did not end well. */
function outcome({ exitCode, stderr }: CliResult): string {
  return exitCode === 0 ? "exit 0" : `exit ${exitCode}: ${stderr}`;
}

async function newestDatabase(): Promise<ConnectedDatabase> {
  if (newest === undefined) throw new Error("unreachable: skipped without a server");
  return await connectedDatabase(newest);
}

async function pooled(url: string, mode: PoolMode): Promise<string> {
  const user = inject("postgres").installations.at(-1)?.user ?? {};
  const pooler = await startPgBouncer({ mode, server: url, user });
  onTestFinished(async () => await pooler.stop());
  return pooler.through(url);
}
