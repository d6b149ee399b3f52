import { describe, expect, onTestFinished, test } from "vitest";

import { openDatabase, parseDatabaseUrl, upgrade } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const table = { id: "a", upgrade: "CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 100);" };
const outside = {
  id: "b",
  revises: "a",
  head: ["transaction: none"],
  upgrade: "INSERT INTO t VALUES (0);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nVACUUM t;",
};
const last = { id: "c", revises: "b", upgrade: "ALTER TABLE t ADD v int;" };

describe("a transaction: none revision on the embedded Postgres", () => {
  test("runs on its only session, between others that are in a transaction", async () => {
    const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: "pglite://:memory:" }));
    onTestFinished(async () => await database.close());
    const migrations = migrationsFolder(table, outside, last);
    expect((await upgrade({ database, migrations })).to).toEqual(["c"]);
    const [row] = await database.withSession(
      async (session) =>
        await session.query(
          "SELECT (SELECT count(*)::int FROM t) AS rows, (SELECT indisvalid FROM pg_index WHERE indexrelid = 't_id'::regclass) AS valid",
        ),
    );
    expect(row).toEqual({ rows: 101, valid: true });
    expect((await upgrade({ database, migrations })).steps).toEqual([]);
  });

  test("goes on where it failed, also in another process", async () => {
    const baseFolder = temporaryFolder();
    const migrations = migrationsFolder(table);
    writeRevision(migrations, { ...outside, upgrade: "INSERT INTO t VALUES (0);\nSELECT 1/0;" });
    const options = { env: {}, baseFolder, migrations };
    await expect(upgrade(options)).rejects.toMatchObject({ sqlState: "22012", statementsDone: 1 });
    writeRevision(migrations, outside);
    expect((await upgrade(options)).to).toEqual(["b"]);
  });
});

describeOnPostgres("a database that gives one session", (server) => {
  test("is refused for a transaction: none revision before anything runs", async () => {
    const db = await connectedDatabase(server);
    const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: db.url }), { maxSessions: 1 });
    onTestFinished(async () => await database.close());
    const migrations = migrationsFolder(table, outside);
    await expect(upgrade({ database, migrations })).rejects.toMatchObject({
      code: "E_SECOND_SESSION",
      revision: "b",
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
    expect((await upgrade({ database, migrations, target: "a" })).to).toEqual(["a"]);
  });

  test("a URL that limits the application's connections does not limit the migration", async () => {
    const db = await connectedDatabase(server);
    const url = `${db.url}?connection_limit=1`;
    expect((await upgrade({ url, migrations: migrationsFolder(table, outside) })).to).toEqual(["b"]);
  });
});
