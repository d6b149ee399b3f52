import { rmSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { describeWithAlembic, startAlembic, type Alembic } from "./support/alembic.ts";
import { makeFolder } from "./support/folder.ts";
import { graphOfAllKinds } from "./support/graph-of-all-kinds.ts";
import { writePythonProject, writeSqlRevisions } from "./support/python-project.ts";
import { runWellhead } from "./support/wellhead.ts";

let folder: string;
let alembic: Alembic;
let database: TestDatabase;
let client: Client;

/** One of the two on the shared database; Wellhead runs the twins in SQL. Resolves to whether it was done. */
type Tool = (...argv: string[]) => Promise<boolean>;

const wellhead: Tool = async (...argv) => {
  const { exitCode, stderr } = await runWellhead([...argv, "--dir", "sql"], folder, database.url);
  expect(stderr).not.toContain("unexpected");
  return exitCode === 0;
};

const alembicItself: Tool = async (...argv) => {
  const { exitCode, stdout, stderr } = await alembic.run(argv, folder, database.url);
  expect(stderr).not.toContain("Traceback");
  if (exitCode !== 0) expect(stdout).toContain("FAILED: ");
  return exitCode === 0;
};

const tools: readonly (readonly [name: string, tool: Tool, other: Tool])[] = [
  ["Alembic begins, Wellhead goes on", alembicItself, wellhead],
  ["Wellhead begins, Alembic goes on", wellhead, alembicItself],
];

describeWithAlembic("one database, migrated by Alembic and Wellhead in turn", () => {
  beforeAll(async () => {
    folder = makeFolder();
    alembic = startAlembic();
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    writePythonProject(folder, graphOfAllKinds);
    writeSqlRevisions(join(folder, "sql"), graphOfAllKinds);
  });

  afterAll(async () => {
    alembic.close();
    await client.end();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(graphOfAllKinds.map(({ id }) => id))("at %s", (id) => {
    test("an upgrade to it leaves the same, and the other tool carries on from it", async () => {
      const seen = [];
      for (const [, begin, goOn] of tools) {
        await emptyDatabase();
        expect(await begin("upgrade", id)).toBe(true);
        const here = await facts();
        await expectSameCurrent();
        expect(await goOn("upgrade", id)).toBe(true);
        expect(await facts()).toEqual(here);
        expect(await goOn("upgrade", "heads")).toBe(true);
        const top = await facts();
        expect(await begin("downgrade", "base")).toBe(true);
        expect(await facts()).toEqual({ versions: [], tables: [] });
        expect(await goOn("upgrade", "heads")).toBe(true);
        seen.push({ here, top });
      }
      expect(seen[0]).toEqual(seen[1]);
    });

    test("a downgrade to it leaves the same or is refused by both, and the other tool carries on", async () => {
      const seen = [];
      for (const [, begin, goOn] of tools) {
        await emptyDatabase();
        expect(await goOn("upgrade", "heads")).toBe(true);
        const isDone = await begin("downgrade", id);
        const here = await facts();
        await expectSameCurrent();
        expect(await goOn("upgrade", "heads")).toBe(true);
        const top = await facts();
        expect(await begin("downgrade", id)).toBe(isDone);
        expect(await goOn("downgrade", "base")).toBe(true);
        expect(await facts()).toEqual({ versions: [], tables: [] });
        seen.push({ isDone, here, top });
      }
      expect(seen[0]).toEqual(seen[1]);
    });

    test("a stamp at it leaves the same, and the other tool stamps on from it", async () => {
      const seen = [];
      for (const [, begin, goOn] of tools) {
        await emptyDatabase();
        expect(await begin("stamp", id)).toBe(true);
        const here = await facts();
        await expectSameCurrent();
        expect(await goOn("stamp", "heads")).toBe(true);
        const top = await facts();
        expect(await begin("stamp", id)).toBe(true);
        const back = await facts();
        expect(await goOn("stamp", "--purge", "core01", "index01")).toBe(true);
        seen.push({ here, top, back, purged: await facts() });
      }
      expect(seen[0]).toEqual(seen[1]);
    });
  });

  for (const [command, ...targets] of [
    ["upgrade", "users@head"],
    ["upgrade", "users@+2"],
    ["upgrade", "search@head", "billing@+1"],
    ["upgrade", "merge01-1"],
    ["upgrade", "+1"],
    ["upgrade", "heads", "tail02@base"],
    ["downgrade", "users@core01"],
    ["downgrade", "search@base"],
    ["downgrade", "tail02@-1"],
    ["downgrade", "merge01-1"],
    ["downgrade", "-1"],
    ["downgrade", "extra@base"],
  ] as const) {
    test(`${command} ${targets.join(", then ")} leaves the same, or is refused by both`, async () => {
      const seen = [];
      for (const [, begin] of tools) {
        await emptyDatabase();
        if (command === "downgrade") expect(await begin("upgrade", "heads")).toBe(true);
        const answers = [];
        for (const target of targets) answers.push(await begin(command, target), await facts());
        seen.push(answers);
      }
      expect(seen[1]).toEqual(seen[0]);
    });
  }

  test("a stamp at several targets leaves the same", async () => {
    const seen = [];
    for (const [, begin] of tools) {
      await emptyDatabase();
      expect(await begin("stamp", "tail02", "third01")).toBe(true);
      seen.push(await facts());
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  test("the version table that Wellhead makes is Alembic's to the letter", async () => {
    const seen = [];
    for (const [, begin] of tools) {
      await emptyDatabase();
      await begin("stamp", "core01");
      const { rows } = await client.query(
        `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.conname, pg_get_constraintdef(c.oid)
         FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'p'
         WHERE a.attrelid = 'alembic_version'::regclass AND a.attnum > 0`,
      );
      seen.push(rows);
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

async function emptyDatabase(): Promise<void> {
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

/** The rows of the version table, and the revisions' own tables. */
async function facts(): Promise<{
  readonly versions: readonly string[];
  readonly tables: readonly string[];
}> {
  const names = async (sql: string): Promise<string[]> =>
    (await client.query(sql)).rows.map(({ name }) => name);
  const tables = await names(
    "SELECT relname AS name FROM pg_class WHERE relname ~ '^(of_[a-z0-9]+|alembic_version)$' ORDER BY 1",
  );
  // A refused run leaves none behind.
  const hasVersions = tables[0] === "alembic_version";
  return {
    versions: hasVersions ? await names("SELECT version_num AS name FROM alembic_version ORDER BY 1") : [],
    tables: tables.filter((name) => name !== "alembic_version"),
  };
}

async function expectSameCurrent(): Promise<void> {
  const theirs = await alembic.run(["current"], folder, database.url);
  const ours = await runWellhead(["current", "--dir", "sql"], folder, database.url);
  expect(theirs.exitCode).toBe(0);
  expect(ours.exitCode).toBe(0);
  expect(ours.stdout.split("\n").toSorted()).toEqual(theirs.stdout.split("\n").toSorted());
}
