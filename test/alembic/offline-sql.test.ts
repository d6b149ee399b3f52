import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { splitStatements } from "../../packages/wellhead/src/revisions/index.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";
import { graphOfAllKinds } from "./support/graph-of-all-kinds.ts";
import { writeSqlRevisions } from "./support/python-project.ts";
import { schemaFacts } from "./support/schema-facts.ts";
import { runWellhead } from "./support/wellhead.ts";

/** Revisions that need care when their SQL stands in one text with that of others. */
function difficultProject(): string {
  const cwd = migrationsFolder(
    {
      id: "aa01",
      upgrade:
        "CREATE TABLE parent (id int PRIMARY KEY);\n" +
        "CREATE TABLE child (id int, parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED) -- the last; really",
      downgrade: "DROP TABLE child, parent",
    },
    {
      id: "aa02",
      revises: "aa01",
      // As pg_dump writes it: nothing without its schema is found after it.
      upgrade:
        "-- a dump\nSELECT pg_catalog.set_config('search_path', '', false);\n" +
        "SET lock_timeout = 0;\nCREATE VIEW public.parents AS SELECT id FROM public.parent;",
      downgrade: "SET search_path = ''; DROP VIEW public.parents;",
    },
    {
      id: "aa03",
      revises: "aa02",
      upgrade: "INSERT INTO parent VALUES (1);\nINSERT INTO child VALUES (1, 1);",
      downgrade: "DELETE FROM child;\nDELETE FROM parent",
    },
    {
      id: "aa04",
      revises: "aa03",
      upgrade: "ALTER TABLE child ADD note text DEFAULT 'it''s; -- no comment\\' -- a comment;",
      downgrade: "ALTER TABLE child DROP note\n-- that was it",
    },
    {
      id: "aa06",
      revises: "aa05",
      upgrade:
        "CREATE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  -- inside;\n  RETURN 42;\nEND\n$$",
      downgrade: "DROP FUNCTION answer();",
    },
    { id: "aa07", revises: "aa06", upgrade: "-- nothing to do here", downgrade: "" },
  );
  writeFileSync(join(cwd, "aa05.ts"), moduleRevision);
  return cwd;
}

const moduleRevision = `// revision: aa05
// revises: aa04
// message: in TypeScript

export async function upgrade(db: { run(sql: string): Promise<void> }): Promise<void> {
  for (const name of ["one", "two"]) await db.run(\`CREATE TABLE \${name} (id int)\`);
  await db.run("CREATE INDEX ON one (id); CREATE INDEX ON two (id)");
}

export async function downgrade(db: { run(sql: string): Promise<void> }): Promise<void> {
  await db.run("DROP TABLE one, two");
}
`;

describeOnPostgres("printed SQL leads where the run leads", (server) => {
  test("up, in ranges, down, over revisions of every kind", async () => {
    const cwd = difficultProject();
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    await printed.send(await printed.wellhead("upgrade", "--sql"));
    await run.wellhead("upgrade");
    expect(await printed.facts()).toEqual(await run.facts());

    await printed.send(await printed.wellhead("downgrade", "aa07:aa03", "--sql"));
    await run.wellhead("downgrade", "aa03");
    expect(await printed.facts()).toEqual(await run.facts());

    await printed.send(await printed.wellhead("upgrade", "aa03:aa06", "--sql"));
    await run.wellhead("upgrade", "aa06");
    expect(await printed.facts()).toEqual(await run.facts());

    await printed.send(await printed.wellhead("downgrade", "aa06:base", "--sql"));
    await run.wellhead("downgrade", "base");
    expect(await printed.facts()).toEqual(await run.facts());
  });

  test("a transaction each leads there too, and says so", async () => {
    const cwd = difficultProject();
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    const sql = await printed.wellhead("upgrade", "--sql", "--transaction", "each");
    expect(sql.match(/^BEGIN;$/gm)).toHaveLength(8);
    expect(sql.match(/^COMMIT;$/gm)).toHaveLength(8);
    await printed.send(sql);
    await run.wellhead("upgrade");
    expect(await printed.facts()).toEqual(await run.facts());
    await printed.send(await printed.wellhead("downgrade", "heads:base", "--sql", "--transaction", "each"));
    await run.wellhead("downgrade", "base");
    expect(await printed.facts()).toEqual(await run.facts());
  });

  test("branches, merges and dependencies", async () => {
    const cwd = temporaryFolder();
    writeSqlRevisions(cwd, graphOfAllKinds);
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    await printed.send(await printed.wellhead("upgrade", "--sql"));
    await run.wellhead("upgrade");
    expect(await printed.facts()).toEqual(await run.facts());
    await run.wellhead("downgrade", "base");
    for (const { id } of graphOfAllKinds) {
      await run.wellhead("upgrade", id);
      await printed.empty();
      await printed.send(await printed.wellhead("upgrade", id, "--sql"));
      expect(await printed.facts()).toEqual(await run.facts());
      const { rows } = await run.client.query("SELECT version_num FROM alembic_version");
      if (rows.length === 1) {
        await printed.send(await printed.wellhead("downgrade", `${id}:base`, "--sql"));
        expect(await printed.versions()).toEqual([]);
      }
      await run.wellhead("downgrade", "base");
    }
  });

  test("transaction: none stands outside the transactions, each statement for itself", async () => {
    const cwd = migrationsFolder(
      { id: "aa01", upgrade: "CREATE TABLE t (id int, name text)", downgrade: "DROP TABLE t" },
      {
        id: "aa02",
        revises: "aa01",
        head: ["transaction: none"],
        upgrade:
          "-- two;\nCREATE INDEX CONCURRENTLY t_id ON t (id);\nCREATE INDEX CONCURRENTLY t_name ON t (name)",
        downgrade: "DROP INDEX CONCURRENTLY t_id; DROP INDEX CONCURRENTLY t_name;",
      },
      {
        id: "aa03",
        revises: "aa02",
        upgrade: "ALTER TABLE t ADD more int",
        downgrade: "ALTER TABLE t DROP more",
      },
    );
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    const sql = await printed.wellhead("upgrade", "--sql");
    expect(sql.split("\n").filter((line) => /^(BEGIN|COMMIT|-- Running)/.test(line))).toEqual([
      "BEGIN;",
      "-- Running upgrade  -> aa01",
      "COMMIT;",
      "-- Running upgrade aa01 -> aa02",
      "BEGIN;",
      "-- Running upgrade aa02 -> aa03",
      "COMMIT;",
    ]);
    await printed.sendStatements(sql);
    await run.wellhead("upgrade");
    expect(await printed.facts()).toEqual(await run.facts());
    await printed.sendStatements(await printed.wellhead("downgrade", "aa03:aa01", "--sql"));
    await run.wellhead("downgrade", "aa01");
    expect(await printed.facts()).toEqual(await run.facts());
  });

  test("a version table elsewhere, with names that need quotes", async () => {
    const cwd = migrationsFolder({ id: "it's", upgrade: "CREATE TABLE t ()", downgrade: "DROP TABLE t" });
    writeFileSync(
      join(cwd, "wellhead.config.json"),
      JSON.stringify({ migrations: ".", versionTable: "Versions", versionTableSchema: "our own" }),
    );
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    for (const { client } of [printed, run]) await client.query('CREATE SCHEMA "our own"');
    await printed.send(await printed.wellhead("upgrade", "--sql"));
    await run.wellhead("upgrade");
    expect(await printed.facts('"our own"."Versions"')).toEqual(await run.facts('"our own"."Versions"'));
    await printed.send(await printed.wellhead("downgrade", "heads:base", "--sql"));
    expect(await printed.versions('"our own"."Versions"')).toEqual([]);
  });

  test("stamp", async () => {
    const cwd = temporaryFolder();
    writeSqlRevisions(cwd, graphOfAllKinds);
    const printed = await onDatabase(cwd);
    const run = await onDatabase(cwd);
    const both = async (sqlTargets: string[], targets: string[]) => {
      await printed.send(await printed.wellhead("stamp", "--sql", ...sqlTargets));
      await run.wellhead("stamp", ...targets);
      expect(await printed.facts()).toEqual(await run.facts());
    };
    await both(["heads"], ["heads"]);
    await run.wellhead("stamp", "--purge", "base");
    await printed.empty();
    await both(["core01", "search"], ["core01", "search"]);
    await run.wellhead("stamp", "--purge", "core01");
    await printed.client.query("DELETE FROM alembic_version WHERE version_num <> 'core01'");
    await both(["core01:users02", "core01:third01"], ["users02", "third01"]);
    await run.wellhead("stamp", "--purge", "tail02");
    await printed.client.query("DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('tail02')");
    await both(["tail02:core01"], ["core01"]);
    await both(["core01:base"], ["base"]);
  });

  test("what the run refuses is refused, and nothing is printed", async () => {
    const cwd = migrationsFolder(
      { id: "aa01", upgrade: "SELECT 1; COMMIT; SELECT 2", downgrade: "" },
      { id: "bb01", upgrade: "SELECT 1" },
      { id: "cc01", upgrade: "SELECT 1", head: ["irreversible: rows are gone"] },
    );
    writeFileSync(
      join(cwd, "dd01.ts"),
      "// revision: dd01\n// revises:\n// message: asks\n\nexport async function upgrade(db: any): Promise<void> {\n  await db.query('SELECT 1');\n}\n",
    );
    const { refused } = await onDatabase(cwd);
    expect(await refused("upgrade", "aa01", "--sql")).toContain("E_REVISION_TRANSACTION_CONTROL");
    expect(await refused("downgrade", "bb01:base", "--sql")).toContain("E_NO_DOWNGRADE");
    expect(await refused("downgrade", "cc01:base", "--sql")).toContain("E_IRREVERSIBLE");
    expect(await refused("upgrade", "dd01", "--sql")).toContain("E_OFFLINE_QUERY");
    expect(await refused("downgrade", "dd01:base", "--sql")).toContain("exports no function of that name");
    expect(await refused("downgrade", "bb01", "--sql")).toContain("E_INVALID_TARGET");
    expect(await refused("upgrade", "aa01:bb01")).toContain("E_INVALID_TARGET");
    expect(await refused("upgrade", "heads:aa01", "--sql")).toContain("E_INVALID_TARGET");
    expect(await refused("stamp", "heads", "--purge", "--sql")).toContain("E_USAGE");
    expect(await refused("stamp", "aa01:bb01", "base:cc01", "--sql")).toContain("E_INVALID_TARGET");
  });

  test("nothing is connected, and no embedded database is made", async () => {
    const cwd = migrationsFolder({ id: "aa01", upgrade: "SELECT 1", downgrade: "" });
    for (const url of [undefined, "postgres://nobody@127.0.0.1:1/none"]) {
      for (const argv of [
        ["upgrade", "--sql"],
        ["downgrade", "aa01:base", "--sql"],
        ["stamp", "heads", "--sql"],
      ]) {
        const result = await runWellhead([...argv, "--dir", "."], cwd, url);
        expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      }
    }
    expect(existsSync(join(cwd, ".data"))).toBe(false);
  });

  async function onDatabase(cwd: string) {
    const { url, close } = await createTestDatabase(server);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => {
      await client.end();
      await close();
    });
    const run = async (argv: readonly string[]) =>
      await runWellhead(
        existsSync(join(cwd, "wellhead.config.json")) ? argv : [...argv, "--dir", "."],
        cwd,
        url,
      );
    const versions = async (table = "alembic_version"): Promise<unknown> =>
      (await client.query(`SELECT version_num FROM ${table} ORDER BY 1`)).rows.map((row) => row.version_num);
    return {
      client,
      versions,
      /** Runs a command line that must work. */
      wellhead: async (...argv: string[]): Promise<string> => {
        const { stdout, ...result } = await run(argv);
        expect(result, argv.join(" ")).toMatchObject({ exitCode: 0, stderr: "" });
        return stdout;
      },
      /** Runs a command line that must not; its document. */
      refused: async (...argv: string[]): Promise<string> => {
        const { stdout, exitCode } = await run([...argv, "--json"]);
        expect(exitCode, argv.join(" ")).toBeGreaterThan(0);
        expect(Object.keys(JSON.parse(stdout))).toEqual(["error"]);
        return stdout;
      },
      /** The whole text as one message. */
      send: async (sql: string) => await client.query(sql),
      /** Statement by statement, as psql does. */
      sendStatements: async (sql: string) => {
        for (const { text } of await splitStatements(sql)) await client.query(text);
      },
      facts: async (table?: string) => ({
        schema: await schemaFacts(client),
        versions: await versions(table),
      }),
      empty: async () => await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
    };
  }
});
