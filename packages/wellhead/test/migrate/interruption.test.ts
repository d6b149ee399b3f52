import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { connectedDatabase, type ConnectedDatabase } from "../../../../test/support/connected-database.ts";
import { migrationsFolder } from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { readStatus, upgrade } from "../../src/index.ts";

const table = { id: "a", upgrade: "CREATE TABLE t (id int, v int);" };
const slow = { id: "b", revises: "a", upgrade: "INSERT INTO t VALUES (1, 1);\nSELECT pg_sleep(60);" };

describeOnPostgres("an interrupted upgrade", (server) => {
  test("cancels the statement that runs, rolls everything back and tells where the database stands", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table, slow);
    const begun = performance.now();
    const { signal } = abortOnce(db, "query LIKE '%pg_sleep(60)%'");
    await expect(upgrade({ ...db, migrations, signal })).rejects.toMatchObject({
      code: "E_INTERRUPTED",
      versions: [],
      unfinished: [],
      message: "Interrupted: what was not committed is rolled back, and the database stands at no version.",
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
    expect(await others(db)).toEqual([]);
  });

  test("with transaction each keeps what is committed", async () => {
    const db = await connectedDatabase(server);
    const { signal } = abortOnce(db, "query LIKE '%pg_sleep(60)%'");
    await expect(
      upgrade({ ...db, migrations: migrationsFolder(table, slow), transaction: "each", signal }),
    ).rejects.toMatchObject({ code: "E_INTERRUPTED", versions: ["a"] });
    expect(await db.rows("SELECT count(*)::int AS n FROM t")).toEqual([{ n: 0 }]);
  });

  test("in a transaction: none revision keeps the statements that are done, and the next run goes on", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table, {
      id: "n",
      revises: "a",
      head: ["transaction: none"],
      upgrade:
        "INSERT INTO t VALUES (1, 1);\nCREATE INDEX CONCURRENTLY t_v ON t (v);\nINSERT INTO t VALUES (2, 2);",
    });
    await upgrade({ ...db, migrations, target: "a" });
    const holder = await holding(db, "LOCK TABLE t IN ROW EXCLUSIVE MODE");
    const { signal } = abortOnce(db, "query LIKE '%CONCURRENTLY%' AND state = 'active'");
    await expect(upgrade({ ...db, migrations, signal })).rejects.toMatchObject({
      code: "E_INTERRUPTED",
      versions: ["a"],
      unfinished: [{ revision: "n", statementsDone: 1 }],
    });
    await holder.query("COMMIT");
    expect(await others(db)).toEqual([]);
    expect((await upgrade({ ...db, migrations })).to).toEqual(["n"]);
    expect(await db.rows("SELECT count(*)::int AS n FROM t")).toEqual([{ n: 2 }]);
    expect(await readStatus({ ...db, migrations })).toMatchObject({ invalidIndexes: [], unfinished: [] });
  });

  test("while it waits for another migration, or between two tries, ends at once", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table, {
      id: "c",
      revises: "a",
      upgrade: "ALTER TABLE t ADD c int;",
    });
    await upgrade({ ...db, migrations, target: "a" });
    await holding(db, "SELECT * FROM t");
    const retrying = new AbortController();
    await expect(
      upgrade({
        ...db,
        migrations,
        signal: retrying.signal,
        lockTimeoutMs: 50,
        onEvent: ({ kind }) => void (kind === "retrying" && retrying.abort()),
      }),
    ).rejects.toMatchObject({ code: "E_INTERRUPTED", versions: ["a"] });
    await holding(
      db,
      "SELECT pg_advisory_xact_lock(hashtextextended('wellhead ' || current_database() || ' public alembic_version', 0))",
    );
    const waiting = new AbortController();
    await expect(
      upgrade({
        ...db,
        migrations,
        signal: waiting.signal,
        onEvent: ({ kind }) => void (kind === "waiting-for-lock" && waiting.abort()),
      }),
    ).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });

  test("a .ts revision is left that waits for something else, and gets no more statements", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeFileSync(
      join(migrations, "m.ts"),
      `// revision: m
// revises: a
// message: waits
export async function upgrade(db) {
  await db.run("INSERT INTO t VALUES (1, 1)");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await db.run("INSERT INTO t VALUES (2, 2)");
}
`,
    );
    const begun = performance.now();
    const { signal } = abortOnce(db, "query LIKE 'INSERT INTO t VALUES (1, 1)%'");
    await expect(upgrade({ ...db, migrations, signal })).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("that was aborted before it began runs nothing, and one that was not is undisturbed", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    await expect(upgrade({ ...db, migrations, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
    expect((await upgrade({ ...db, migrations, signal: new AbortController().signal })).to).toEqual(["a"]);
  });
});

/** Aborts as soon as another session of the database meets the condition. */
function abortOnce(db: ConnectedDatabase, condition: string): AbortController {
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    for (;;) {
      const found = await db.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
      );
      if (found.length > 0) return controller.abort();
      await sleep(20);
    }
  };
  look().catch(() => undefined);
  return controller;
}

/** Who else is connected, once those who left had time to go. */
async function others(db: ConnectedDatabase): Promise<unknown[]> {
  await sleep(200);
  return await db.rows(
    "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'wellhead'",
  );
}

async function holding(db: ConnectedDatabase, statement: string): Promise<Client> {
  const client = new Client({ connectionString: db.url });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(async () => await client.end());
  await client.query("BEGIN");
  await client.query(statement);
  return client;
}
