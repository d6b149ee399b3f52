import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { connectedDatabase } from "../../../../test/support/connected-database.ts";
import { migrationsFolder, writeRevision } from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { loadMigrations, readStatus, stamp, upgrade } from "../../src/index.ts";
import { statusWithoutDatabase } from "../../src/migrate/index.ts";

//  a ── b
//   └── c
const branches = [
  { id: "a", upgrade: "CREATE TABLE t (id int, v int);" },
  { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;" },
  { id: "c", revises: "a", upgrade: "ALTER TABLE t ADD c int;" },
];

const nothing = { unknown: [], edited: [], invalidIndexes: [], unfinished: [] };

describeOnPostgres("status", (server) => {
  test("of a database without any table of ours: everything is pending, oldest first", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    expect(await readStatus({ ...db, migrations })).toEqual({
      heads: ["b", "c"],
      versions: [],
      pending: ["a", "c", "b"],
      ...nothing,
    });
    expect(await db.rows("SELECT relname FROM pg_class WHERE relname ~ 'alembic|wellhead'")).toEqual([]);
  });

  test("tells what is pending from the versions on", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    await upgrade({ ...db, migrations, target: "b" });
    expect(await readStatus({ ...db, migrations })).toMatchObject({
      versions: ["b"],
      pending: ["c"],
      ...nothing,
    });
    await upgrade({ ...db, migrations });
    expect(await readStatus({ ...db, migrations })).toMatchObject({
      versions: ["b", "c"],
      pending: [],
      ...nothing,
    });
  });

  test("a database that Alembic made, without a ledger, is a normal one", async () => {
    const db = await connectedDatabase(server);
    await db.rows("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
    await db.rows("INSERT INTO alembic_version VALUES ('a')");
    expect(await readStatus({ ...db, migrations: migrationsFolder(...branches) })).toMatchObject({
      versions: ["a"],
      pending: ["c", "b"],
      ...nothing,
    });
  });

  test("a version that no file declares is reported, and what the ledger has is not pending", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    writeRevision(migrations, { id: "d", revises: "b" });
    await upgrade({ ...db, migrations, target: "d" });
    rmSync(join(migrations, "d.sql"));
    expect(await readStatus({ ...db, migrations })).toMatchObject({
      versions: ["d"],
      unknown: ["d"],
      pending: ["c"],
    });
  });

  test("an applied revision whose file is gone from the middle is reported until a stamp has the word", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    await upgrade({ ...db, migrations });
    rmSync(join(migrations, "a.sql"));
    for (const id of ["b", "c"]) writeRevision(migrations, { id, upgrade: `ALTER TABLE t ADD ${id} int;` });
    expect(await readStatus({ ...db, migrations })).toMatchObject({
      unknown: ["a"],
      pending: [],
      edited: [],
    });
    await stamp({ ...db, migrations, targets: ["heads"], purge: true });
    expect(await readStatus({ ...db, migrations })).toMatchObject({ ...nothing, versions: ["b", "c"] });
  });

  test("a row beside its own descendant does not stop it", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    await upgrade({ ...db, migrations, target: "b" });
    await db.rows("INSERT INTO alembic_version VALUES ('a')");
    expect(await readStatus({ ...db, migrations })).toMatchObject({ versions: ["a", "b"], pending: ["c"] });
  });

  test("an edited revision is told, blanks at line ends are no edit", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    await upgrade({ ...db, migrations });
    writeRevision(migrations, { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b bigint;" });
    writeRevision(migrations, { id: "c", revises: "a", upgrade: "ALTER TABLE t ADD c int;  \r" });
    expect(await readStatus({ ...db, migrations })).toMatchObject({ ...nothing, edited: ["b"] });
  });

  test("an unfinished transaction: none revision is told with what is done, and its INVALID index", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches, {
      id: "n",
      revises: "b",
      head: ["transaction: none"],
      upgrade:
        "INSERT INTO t VALUES (1, 1), (2, 1);\nCREATE UNIQUE INDEX CONCURRENTLY t_v ON t (v);\nVACUUM t;",
    });
    await expect(upgrade({ ...db, migrations })).rejects.toMatchObject({ sqlState: "23505" });
    expect(await readStatus({ ...db, migrations })).toMatchObject({
      ...nothing,
      pending: ["n", "c"],
      invalidIndexes: ["t_v"],
      unfinished: [{ revision: "n", statementsDone: 1 }],
    });
  });

  test("works where nothing can be written", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...branches);
    await upgrade({ ...db, migrations, target: "b" });
    await db.rows(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
    expect(await readStatus({ ...db, migrations })).toMatchObject({ versions: ["b"], pending: ["c"] });
  });
});

describe("without a database", () => {
  test("everything is pending", () => {
    expect(statusWithoutDatabase(loadMigrations(migrationsFolder(...branches)))).toEqual({
      heads: ["b", "c"],
      versions: [],
      pending: ["a", "c", "b"],
      ...nothing,
    });
  });
});
