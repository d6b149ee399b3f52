import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { migrationsFolder, writeRevision } from "../../../../test/support/migrations-folder.ts";
import type { SharedServer } from "../../../../test/support/postgres-servers.ts";
import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import { upgrade } from "../../src/index.ts";

const none = ["transaction: none"];
const table = {
  id: "a",
  upgrade: "CREATE TABLE t (id int, v int); INSERT INTO t SELECT n, n FROM generate_series(1, 100) n;",
};

describeOnPostgres("a transaction: none revision", (server) => {
  test("runs what cannot be in a transaction, between others that are", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      table,
      {
        id: "b",
        revises: "a",
        head: none,
        upgrade: "CREATE INDEX CONCURRENTLY t_v ON t (v);\nVACUUM t;\nALTER TABLE t ADD w int;",
      },
      { id: "c", revises: "b", upgrade: "ALTER TABLE t ADD x int;" },
    );
    expect((await upgrade({ ...db, migrations })).to).toEqual(["c"]);
    expect(await db.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_v'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expect(
      await db.rows(
        "SELECT revision, statements_done, finished_at IS NOT NULL AS done FROM wellhead_ledger ORDER BY id",
      ),
    ).toEqual([
      { revision: "a", statements_done: null, done: true },
      { revision: "b", statements_done: 3, done: true },
      { revision: "c", statements_done: null, done: true },
    ]);
    expect((await upgrade({ ...db, migrations })).steps).toEqual([]);
  });

  test("that fails keeps what is done, names the statement, and goes on there when the file is mended", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(table);
    const revision = { id: "b", revises: "a", head: none };
    writeRevision(migrations, {
      ...revision,
      upgrade:
        "INSERT INTO t VALUES (0, 0);\nCREATE UNIQUE INDEX CONCURRENTLY t_one ON t ((id > 0));\nINSERT INTO t VALUES (-1, -1);",
    });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      sqlState: "23505",
      line: 8,
      statementsDone: 1,
      versions: ["a"],
    });
    expect(await db.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_one'::regclass")).toEqual([
      { indisvalid: false },
    ]);
    writeRevision(migrations, {
      ...revision,
      upgrade:
        "INSERT INTO t VALUES (0, 0);\nCREATE UNIQUE INDEX CONCURRENTLY t_one ON t (id);\nINSERT INTO t VALUES (-1, -1);",
    });
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
    expect(await db.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_one'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expect(await db.rows("SELECT count(*)::int AS n FROM t WHERE id <= 0")).toEqual([{ n: 2 }]);
  });

  test("whose done statements were changed meanwhile is refused", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(table);
    writeRevision(migrations, {
      id: "b",
      revises: "a",
      head: none,
      upgrade: "INSERT INTO t VALUES (0, 0);\nSELECT 1/0;",
    });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ statementsDone: 1 });
    writeRevision(migrations, {
      id: "b",
      revises: "a",
      head: none,
      upgrade: "INSERT INTO t VALUES (7, 7);\nSELECT 1;",
    });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      code: "E_RESUME_MISMATCH",
      statementsDone: 1,
    });
  });

  test("an index that was finished after its run had lost the connection counts as done", async () => {
    const db = await database(server);
    await upgrade({ ...db, migrations: migrationsFolder(table) });
    const statement = "CREATE INDEX CONCURRENTLY t_v ON t (v);";
    const migrations = migrationsFolder(table, { id: "b", revises: "a", head: none, upgrade: statement });
    // It waits for this transaction, which has the table.
    const writer = new Client({ connectionString: db.url });
    await writer.connect();
    await writer.query("BEGIN; UPDATE t SET v = 0 WHERE id = 1");
    const failure = upgrade({ ...db, migrations }).catch((error: unknown) => error);
    const builder =
      "FROM pg_stat_activity WHERE query LIKE '/* wellhead % CREATE INDEX%' AND wait_event_type = 'Lock'";
    await expect.poll(async () => await db.rows(`SELECT 1 ${builder}`)).toHaveLength(1);
    await db.rows(`SELECT pg_terminate_backend(pid) ${builder}`);
    expect(await failure).toMatchObject({ code: "E_DB_CONNECTION_LOST", duringCommit: true });
    await writer.end();
    await db.rows("REINDEX INDEX t_v");
    const [before] = await db.rows("SELECT 't_v'::regclass::oid AS oid");
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
    expect(await db.rows("SELECT 't_v'::regclass::oid AS oid")).toEqual([before]);
  });

  test("an index of that name that nobody of us began is an error, however often it is tried", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(table);
    await upgrade({ ...db, migrations });
    await db.rows("CREATE INDEX t_v ON t (id)");
    writeRevision(migrations, {
      id: "b",
      revises: "a",
      head: none,
      upgrade: "CREATE INDEX CONCURRENTLY t_v ON t (v);",
    });
    for (const _ of [1, 2]) {
      await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ sqlState: "42P07" });
    }
  });

  test("others wait while it runs, and it does not wait for them", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(table, {
      id: "b",
      revises: "a",
      head: none,
      upgrade: "UPDATE t SET v = v + 1;\nCREATE INDEX CONCURRENTLY t_v ON t (v);\nSELECT pg_sleep(0.3);",
    });
    const results = await Promise.all(
      Array.from({ length: 6 }, async () => await upgrade({ ...db, migrations })),
    );
    expect(results.flatMap((result) => result.steps.map((step) => step.revision)).toSorted()).toEqual([
      "a",
      "b",
    ]);
    expect(await db.rows("SELECT sum(v)::int AS v FROM t")).toEqual([{ v: 5150 }]);
  });
});

async function database(server: SharedServer): Promise<{
  readonly url: string;
  readonly rows: (sql: string) => Promise<unknown[]>;
}> {
  const { url, close } = await createTestDatabase(server);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await close();
  });
  return { url, rows: async (sql) => (await client.query(sql)).rows };
}
