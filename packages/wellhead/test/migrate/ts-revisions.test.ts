import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { connectedDatabase } from "../../../../test/support/connected-database.ts";
import { migrationsFolder, writeRevision } from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { readStatus, upgrade, type RevisionDatabase } from "../../src/index.ts";

const table = {
  id: "a",
  upgrade: "CREATE TABLE t (id int, half int); INSERT INTO t (id) SELECT n FROM generate_series(1, 25) n;",
};

describeOnPostgres("a .ts revision", (server) => {
  test("walks a large table in batches, and belongs to the transaction of its run", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(
      migrations,
      `const sizes: number[] = [];
       for await (const rows of db.batches("SELECT id FROM t WHERE id > $1 ORDER BY id", [0], 10)) {
         sizes.push(rows.length);
         for (const row of rows) await db.query("UPDATE t SET half = $2 WHERE id = $1", [row["id"], Math.floor(Number(row["id"]) / 2)]);
       }
       await db.run(\`COMMENT ON TABLE t IS '\${sizes.join(" ")}'\`);`,
    );
    expect((await upgrade({ url: db.url, migrations })).to).toEqual(["b"]);
    expect(
      await db.rows("SELECT obj_description('t'::regclass) AS sizes, sum(half)::int AS halves FROM t"),
    ).toEqual([{ sizes: "10 10 5", halves: 156 }]);
  });

  test("that fails names its line, and takes back what it and the others did", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(
      migrations,
      `await db.run("UPDATE t SET half = 1");\n  await db.query("SELECT nothing FROM t");`,
    );
    await expect(upgrade({ url: db.url, migrations })).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      sqlState: "42703",
      line: 6,
      versions: [],
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("that throws an error of its own is told with its words and its line", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, `throw new Error("no such planet");`);
    await expect(upgrade({ url: db.url, migrations })).rejects.toMatchObject({
      reason: "no such planet",
      line: 5,
    });
  });

  test.each([
    ["that forgets to await", `void db.run("SELECT nothing FROM t");`],
    ["that swallows a failure", `await db.run("SELECT nothing FROM t").catch(() => undefined);`],
    [
      "that goes on behind a failure",
      `void db.run("SELECT nothing FROM t"); await db.run("UPDATE t SET half = 1");`,
    ],
    ["whose batches fail", `for await (const _ of db.batches("SELECT nothing FROM t", [], 10));`],
  ])("%s is told the failure, with its line", async (_, body) => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, body);
    await expect(upgrade({ url: db.url, migrations })).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      sqlState: "42703",
      line: 5,
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("whose call is not awaited is done when that is", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, `void db.run("UPDATE t SET half = 1 FROM pg_sleep(0.1)");`);
    await upgrade({ url: db.url, migrations });
    expect(await db.rows("SELECT DISTINCT half FROM t")).toEqual([{ half: 1 }]);
  });

  test("that asks when it has ended is refused", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, `(globalThis as any).lateDatabase = db;`);
    await upgrade({ url: db.url, migrations });
    const { lateDatabase } = globalThis as unknown as { lateDatabase: RevisionDatabase };
    await expect(lateDatabase.run("SELECT 1")).rejects.toMatchObject({ code: "E_REVISION_ENDED" });
  });

  test("whose batches have no rows to hold is refused", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, `for await (const _ of db.batches("SELECT 1", [], 0));`);
    await expect(upgrade({ url: db.url, migrations })).rejects.toMatchObject({
      reason: expect.stringContaining("1 or more, and got 0"),
    });
  });

  test("that tries to commit is refused", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    writeModule(migrations, `await db.run("UPDATE t SET half = 1; COMMIT");`);
    await expect(upgrade({ url: db.url, migrations })).rejects.toMatchObject({
      code: "E_REVISION_TRANSACTION_CONTROL",
    });
    expect(await db.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });
});

describeOnPostgres("a user without the right to create", (server) => {
  test("is told which GRANT to ask for, and nothing has run", async () => {
    const db = await connectedDatabase(server);
    const role = `limited_${Math.random().toString(36).slice(2)}`;
    await db.rows(`CREATE ROLE ${role} LOGIN`);
    await db.rows("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    try {
      const url = new URL(db.url);
      url.username = role;
      await expect(upgrade({ url: url.href, migrations: migrationsFolder(table) })).rejects.toMatchObject({
        code: "E_LEDGER_PERMISSION",
        hint: `ask their owner for: GRANT CREATE ON SCHEMA "public" TO "${role}"`,
      });
    } finally {
      await db.rows(`DROP ROLE ${role}`);
    }
  });
});

describeOnPostgres("a user who may not use the tables that others have made", (server) => {
  test("is told which GRANT to ask for: to read, and then to write", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(table);
    await upgrade({ url: db.url, migrations });
    const role = `limited_${Math.random().toString(36).slice(2)}`;
    await db.rows(`CREATE ROLE ${role} LOGIN`);
    await db.rows(`GRANT CREATE ON SCHEMA public TO ${role}`);
    try {
      const url = new URL(db.url);
      url.username = role;
      const tables = ["alembic_version", "wellhead_ledger"].map((name) => `"public"."${name}"`);
      const grants = (rights: string) =>
        `ask their owner for: ${tables.map((name) => `GRANT ${rights} ON ${name} TO "${role}"`).join("; ")}`;
      writeRevision(migrations, { id: "b", revises: "a" });
      await expect(readStatus({ url: url.href, migrations })).rejects.toMatchObject({
        code: "E_LEDGER_PERMISSION",
        hint: grants("SELECT"),
      });
      for (const name of tables) await db.rows(`GRANT SELECT ON ${name} TO ${role}`);
      await expect(upgrade({ url: url.href, migrations })).rejects.toMatchObject({
        code: "E_LEDGER_PERMISSION",
        hint: grants("INSERT, UPDATE, DELETE"),
      });
    } finally {
      await db.rows(`DROP OWNED BY ${role}`);
      await db.rows(`DROP ROLE ${role}`);
    }
  });
});

function writeModule(folder: string, body: string): void {
  const text = `// revision: b\n// revises: a\n\nexport async function upgrade(db: any): Promise<void> {\n  ${body}\n}\n`;
  writeFileSync(join(folder, "b.ts"), text);
}
