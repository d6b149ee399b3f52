import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import {
  migrationsFolder,
  temporaryFolder,
  writeRevision,
} from "../../../../test/support/migrations-folder.ts";
import { downgrade, stamp, upgrade, type MigrateEvent } from "../../src/index.ts";
import type { SharedServer } from "../../../../test/support/postgres-servers.ts";

//  a ── b ── d (merge)
//   └── c ──┘
const diamond = [
  { id: "a", upgrade: "CREATE TABLE t (id int PRIMARY KEY);", downgrade: "DROP TABLE t;" },
  { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
  { id: "c", revises: "a", upgrade: "ALTER TABLE t ADD c int;", downgrade: "ALTER TABLE t DROP c;" },
  { id: "d", revises: "b, c", upgrade: "", downgrade: "" },
];

describeOnPostgres("upgrade", (server) => {
  test("runs everything from nothing to the heads and records each step", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    const result = await upgrade({ ...db, migrations });
    expect(result.from).toEqual([]);
    expect(result.to).toEqual(["d"]);
    expect(result.steps.map((step) => [step.revision, step.versionsAfter])).toEqual([
      ["a", ["a"]],
      ["c", ["c"]],
      ["b", ["b", "c"]],
      ["d", ["d"]],
    ]);
    expect(await db.rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "d" }]);
    const ledger = await db.rows(
      "SELECT revision, direction, length(checksum) AS checksum, finished_at >= started_at AS timed FROM wellhead_ledger ORDER BY id",
    );
    expect(ledger).toEqual(
      ["a", "c", "b", "d"].map((revision) => ({ revision, direction: "upgrade", checksum: 64, timed: true })),
    );
  });

  test("has nothing to do the second time", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    await upgrade({ ...db, migrations });
    expect(await upgrade({ ...db, migrations })).toEqual({ from: ["d"], to: ["d"], steps: [] });
  });

  test("goes down to base and up again", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    await upgrade({ ...db, migrations });
    const down = await downgrade({ ...db, migrations, target: "base" });
    expect(down.steps.map((step) => step.revision)).toEqual(["d", "b", "c", "a"]);
    expect(
      await db.rows("SELECT to_regclass('t') AS t, (SELECT count(*)::int FROM alembic_version) AS n"),
    ).toEqual([{ t: null, n: 0 }]);
    expect((await upgrade({ ...db, migrations })).to).toEqual(["d"]);
  });

  test("stops at one side of a branch when that is the target, and takes the other up later", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    expect((await upgrade({ ...db, migrations, target: "c" })).to).toEqual(["c"]);
    expect(
      (await upgrade({ ...db, migrations, target: "heads" })).steps.map((step) => step.revision),
    ).toEqual(["b", "d"]);
  });

  test("a failing statement names file, line, message and code, and nothing of the run is kept", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int PRIMARY KEY);" },
      {
        id: "b",
        revises: "a",
        upgrade: "-- fine\nINSERT INTO t VALUES (1);\n\nINSERT INTO t\n  VALUES (1);\nSELECT 1;",
      },
    );
    const failure = await upgrade({ ...db, migrations }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "E_MIGRATION_FAILED",
      revision: "b",
      line: 9,
      sqlState: "23505",
      detail: "Key (id)=(1) already exists.",
      versions: [],
    });
    expect(String(failure)).toMatch(/b\.sql:9: duplicate key .*\(23505\)/);
    expect(await db.rows("SELECT to_regclass('t') AS t, to_regclass('alembic_version') AS v")).toEqual([
      { t: null, v: null },
    ]);
  });

  test("a syntax error is found in its line", async () => {
    const db = await database(server);
    const migrations = migrationsFolder({ id: "a", upgrade: "SELECT 1;\nSELEC 2;\nSELECT 3;" });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ line: 7, sqlState: "42601" });
  });

  test("with transaction each, what came before the failing revision stays", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int);" },
      { id: "b", revises: "a", upgrade: "CREATE TABLE t (id int);" },
    );
    await expect(upgrade({ ...db, migrations, transaction: "each" })).rejects.toMatchObject({
      versions: ["a"],
    });
    expect(await db.rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "a" }]);
  });

  test("a revision that empties the search path or takes a role does not disturb the next", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int); SET search_path = ''; SET ROLE pg_monitor;" },
      { id: "b", revises: "a", upgrade: "INSERT INTO t VALUES (1);" },
    );
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
  });

  test("temporary tables and cursors of a revision are not there for the next, as if each had a session", async () => {
    const db = await database(server);
    const keeps = "CREATE TEMP TABLE kept AS SELECT 1 AS n; DECLARE c CURSOR FOR SELECT n FROM kept;";
    const migrations = migrationsFolder(
      { id: "a", upgrade: `CREATE TABLE t (n int);\n${keeps}\nINSERT INTO t SELECT n FROM kept;` },
      { id: "b", revises: "a", upgrade: keeps },
      { id: "c", revises: "b", head: ["transaction: none"], upgrade: "CREATE TEMP TABLE kept (n int);" },
      { id: "d", revises: "c", head: ["transaction: none"], upgrade: "CREATE TEMP TABLE kept (n int);" },
    );
    expect((await upgrade({ ...db, migrations })).to).toEqual(["d"]);
  });

  test.skipIf(server.major < 17)(
    "a transaction_timeout that is meant for the application does not end a run",
    async () => {
      const db = await database(server);
      await db.rows(`ALTER DATABASE ${db.name} SET transaction_timeout = '1s'`);
      const migrations = migrationsFolder(
        { id: "a", upgrade: "SELECT pg_sleep(0.6);" },
        { id: "b", revises: "a", upgrade: "SELECT pg_sleep(0.6);" },
      );
      expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
    },
  );

  test("a statement_timeout of the database is named, with the way around it", async () => {
    const db = await database(server);
    await db.rows(`ALTER DATABASE ${db.name} SET statement_timeout = '300ms'`);
    const migrations = migrationsFolder({ id: "a", upgrade: "SELECT pg_sleep(0.6);" });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      sqlState: "57014",
      hint: expect.stringMatching(/statement_timeout of the user or database: --statement-timeout/),
    });
    expect((await upgrade({ ...db, migrations, statementTimeoutMs: 0 })).to).toEqual(["a"]);
  });

  test("another program's table by the name of ours is told", async () => {
    const db = await database(server);
    await db.rows("CREATE TABLE alembic_version (id int)");
    await expect(upgrade({ ...db, migrations: migrationsFolder({ id: "a" }) })).rejects.toMatchObject({
      code: "E_TABLE_SHAPE",
      message: expect.stringContaining("alembic_version"),
      hint: expect.stringContaining("versionTable"),
    });
  });

  test("a search path without a schema is named", async () => {
    const db = await database(server);
    await db.rows(`ALTER DATABASE ${db.name} SET search_path = tenant`);
    await expect(upgrade({ ...db, migrations: migrationsFolder({ id: "a" }) })).rejects.toMatchObject({
      code: "E_NO_SCHEMA",
      message: expect.stringContaining("the search path (tenant)"),
    });
  });

  test("a deferred constraint is deferred for each revision, in whatever transaction it was made", async () => {
    const link = {
      id: "a",
      upgrade: `CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);`,
    };
    const childFirst = (id: string, revises: string, row: number) => ({
      id,
      revises,
      upgrade: `INSERT INTO t VALUES (${row}); INSERT INTO p VALUES (${row});`,
    });
    const db = await database(server);
    const migrations = migrationsFolder(link, childFirst("b", "a", 1), childFirst("c", "b", 2));
    expect((await upgrade({ ...db, migrations })).to).toEqual(["c"]);
    writeRevision(migrations, childFirst("d", "c", 3));
    writeRevision(migrations, childFirst("e", "d", 4));
    expect((await upgrade({ ...db, migrations })).to).toEqual(["e"]);
    expect(await db.rows("SELECT count(*)::int AS n FROM t")).toEqual([{ n: 4 }]);
  });

  test("a deferred constraint of one revision does not stop the next from altering the table", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      {
        id: "a",
        upgrade: `CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
INSERT INTO t VALUES (1); INSERT INTO p VALUES (1);`,
      },
      { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD x int;" },
    );
    expect((await upgrade({ ...db, migrations })).to).toEqual(["b"]);
  });

  test("eight at once: each exits well and each revision runs once", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (n int); INSERT INTO t VALUES (0);" },
      { id: "b", revises: "a", upgrade: "UPDATE t SET n = n + 1; SELECT pg_sleep(0.2);" },
    );
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => await upgrade({ ...db, migrations })),
    );
    expect(results.map((result) => result.steps.length).toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
    expect(await db.rows("SELECT n FROM t")).toEqual([{ n: 1 }]);
  });

  test("a waiter that waits too long says for whom", async () => {
    const db = await database(server);
    const migrations = migrationsFolder({ id: "a", upgrade: "SELECT pg_sleep(1.5);" });
    const events: MigrateEvent[] = [];
    const first = upgrade({
      ...db,
      migrations,
      applicationName: "the first",
      onEvent: (event) => events.push(event),
    });
    await expect.poll(() => events.some((event) => event.kind === "step-started")).toBe(true);
    const second = upgrade({ ...db, migrations, waitForLockMs: 200 });
    await expect(second).rejects.toMatchObject({
      code: "E_LOCK_TIMEOUT",
      holder: { applicationName: "the first" },
    });
    expect((await first).to).toEqual(["a"]);
  });

  test("an id that the version table does not hold is refused before the first step", async () => {
    const db = await database(server);
    const long = "x".repeat(33);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int);" },
      { id: long, revises: "a" },
    );
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      code: "E_REVISION_ID_TOO_LONG",
      revision: long,
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("a database set to read only is told before anything runs", async () => {
    const db = await database(server);
    await db.rows(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
    const migrations = migrationsFolder({ id: "a" });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      code: "E_DB_READ_ONLY",
      reason: "setting",
    });
  });

  test("a version table in a schema and under a name of one's own is used", async () => {
    const db = await database(server);
    await db.rows("CREATE SCHEMA ops");
    const migrations = migrationsFolder(...diamond);
    const options = { ...db, migrations, versionTable: "Versions", versionTableSchema: "ops" };
    await upgrade(options);
    expect(await db.rows('SELECT version_num FROM ops."Versions"')).toEqual([{ version_num: "d" }]);
    expect((await upgrade(options)).steps).toEqual([]);
  });

  test("a schema that does not exist is named", async () => {
    const db = await database(server);
    const options = { ...db, migrations: migrationsFolder({ id: "a" }), versionTableSchema: "nowhere" };
    await expect(upgrade(options)).rejects.toMatchObject({ code: "E_NO_SCHEMA", schema: "nowhere" });
  });

  test("a database that stands at a revision unknown to the files is explained", async () => {
    const db = await database(server);
    const migrations = migrationsFolder({ id: "a" });
    await upgrade({ ...db, migrations });
    await db.rows("UPDATE alembic_version SET version_num = 'zzz'");
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      message: expect.stringContaining("zzz"),
    });
  });

  test("an edited revision is told, not run again", async () => {
    const db = await database(server);
    const migrations = migrationsFolder({ id: "a", upgrade: "CREATE TABLE t (id int);" });
    await upgrade({ ...db, migrations });
    writeRevision(migrations, { id: "a", upgrade: "CREATE TABLE t (id bigint);" });
    const events: MigrateEvent[] = [];
    const result = await upgrade({ ...db, migrations, onEvent: (event) => events.push(event) });
    expect(result.steps).toEqual([]);
    expect(events).toContainEqual({
      kind: "edited",
      revisions: [expect.objectContaining({ revision: "a" })],
    });
  });

  test("a revision's own COMMIT is refused before anything runs", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int);" },
      { id: "b", revises: "a", upgrade: "INSERT INTO t VALUES (1);\nCOMMIT;" },
    );
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({
      message: expect.stringContaining("b.sql:7"),
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("a downgrade over a revision without one runs nothing", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE t (id int);" },
      { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
    );
    await upgrade({ ...db, migrations });
    await expect(downgrade({ ...db, migrations, target: "base" })).rejects.toMatchObject({
      code: "E_NO_DOWNGRADE",
      revision: "a",
    });
    expect(await db.rows("SELECT b FROM t")).toEqual([]);
  });

  test("an irreversible revision says why", async () => {
    const db = await database(server);
    const migrations = migrationsFolder({ id: "a", head: ["irreversible: the old values are gone"] });
    await upgrade({ ...db, migrations });
    await expect(downgrade({ ...db, migrations, target: "base" })).rejects.toMatchObject({
      code: "E_IRREVERSIBLE",
      message: expect.stringContaining("the old values are gone"),
    });
  });
});

describeOnPostgres("stamp", (server) => {
  test("sets the versions, runs nothing and is recorded", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    expect(await stamp({ ...db, migrations, targets: ["b", "c"] })).toMatchObject({
      from: [],
      to: ["b", "c"],
    });
    expect(await db.rows("SELECT version_num FROM alembic_version ORDER BY 1")).toEqual([
      { version_num: "b" },
      { version_num: "c" },
    ]);
    expect(await db.rows("SELECT revision, direction FROM wellhead_ledger ORDER BY id")).toEqual([
      { revision: "b", direction: "stamp" },
      { revision: "c", direction: "stamp" },
    ]);
  });

  test("purge is the way out of a version that no file knows", async () => {
    const db = await database(server);
    const migrations = migrationsFolder(...diamond);
    await upgrade({ ...db, migrations });
    await db.rows("UPDATE alembic_version SET version_num = 'gone'");
    await expect(stamp({ ...db, migrations, targets: ["d"] })).rejects.toThrow(/gone/);
    expect((await stamp({ ...db, migrations, targets: ["d"], purge: true })).to).toEqual(["d"]);
  });
});

describe("on the embedded Postgres", () => {
  test("an upgrade runs, is found again after reopening, and goes down", async () => {
    const migrations = migrationsFolder(...diamond);
    const options = { env: {}, baseFolder: temporaryFolder(), migrations };
    expect((await upgrade(options)).to).toEqual(["d"]);
    expect((await upgrade(options)).steps).toEqual([]);
    expect((await downgrade({ ...options, target: "base" })).to).toEqual([]);
  });

  test("a failing statement names its line", async () => {
    const migrations = migrationsFolder({ id: "a", upgrade: "SELECT 1;\n\nSELECT 1/0;" });
    const options = { env: {}, baseFolder: temporaryFolder(), migrations };
    await expect(upgrade(options)).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      line: 8,
      sqlState: "22012",
    });
  });
});

async function database(server: SharedServer): Promise<{
  readonly url: string;
  readonly name: string;
  readonly rows: (sql: string) => Promise<unknown[]>;
}> {
  const { url, name, close } = await createTestDatabase(server);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await close();
  });
  return { url, name, rows: async (sql) => (await client.query(sql)).rows };
}
