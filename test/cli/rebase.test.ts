import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runWellhead, type WellheadAnswer } from "../alembic/support/wellhead.ts";
import type { SharedServer } from "../support/postgres-servers.ts";
import { runCli } from "../support/run-cli.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";

//       ┌ bb22
// aa11 ─┤
//       └ cc33 ─ dd44
const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
  { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD c int;" },
  { id: "dd44", revises: "cc33", upgrade: "ALTER TABLE t ADD d int;" },
];

async function rebase(cwd: string, ...argv: string[]): Promise<WellheadAnswer> {
  return await runWellhead(["rebase", ...argv, "--dir", "."], cwd);
}

function textsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

describe("wellhead rebase", { timeout: 60_000 }, () => {
  test("puts a line on another parent, and changes nothing but the line of its first revision", async () => {
    const folder = migrationsFolder(...revisions);
    const before = textsIn(folder);
    const result = await rebase(folder, "dd44", "--onto", "bb22");
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toMatch(
      /^cc33 revises bb22 \(before: aa11\), cc33\.sql\nmoved along: dd44\nproved: 4 revisions from base run in this order, on tables with rows \(Postgres 18\.\d+\)\n$/,
    );
    expect(result.stderr).toContain("no database was asked");
    expect(textsIn(folder)).toEqual({
      ...before,
      "cc33.sql": before["cc33.sql"]?.replace("revises: aa11", "revises: bb22"),
    });
    const again = await rebase(folder, "cc33", "--onto", "bb22");
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain("stands on bb22 already");
  });

  test("--plan says what would change and writes nothing; --json is one document", async () => {
    const folder = migrationsFolder(...revisions);
    const before = textsIn(folder);
    const plan = await rebase(folder, "cc33", "--onto", "bb22", "--plan");
    expect(plan.stdout).toContain("cc33 would revise bb22 (before: aa11), cc33.sql\n");
    expect(textsIn(folder)).toEqual(before);
    expect((await rebase(folder, "cc33", "--onto", "bb22", "--json")).json()).toMatchObject({
      onto: ["bb22"],
      changes: [{ revision: "cc33", path: "cc33.sql", from: ["aa11"], to: ["bb22"] }],
      moved: ["cc33", "dd44"],
      asked: [],
      proof: { proved: true, order: ["aa11", "bb22", "cc33", "dd44"], version: expect.any(String) },
    });
  });

  test("an order that does not run is refused with the merge to make; --unproved moves it all the same", async () => {
    const folder = migrationsFolder(...revisions, {
      id: "ee55",
      revises: "dd44",
      upgrade: "SELECT 1;\n\nALTER TABLE t ADD b text;",
    });
    const before = textsIn(folder);
    const refused = await rebase(folder, "cc33", "--onto", "bb22", "--json");
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({
      error: {
        code: "E_REBASE_FAILS",
        revision: "ee55",
        path: "ee55.sql",
        line: 8,
        sqlState: "42701",
        hint: expect.stringContaining("`wellhead merge bb22 ee55`"),
      },
    });
    expect(textsIn(folder)).toEqual(before);
    const moved = await rebase(folder, "cc33", "--onto", "bb22", "--unproved");
    expect(moved).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("not proved: --unproved was given"),
    });
    expect(textsIn(folder)).not.toEqual(before);
  });

  test("an order that fails on rows, as the one before did not, is refused; one that did before is moved", async () => {
    const folder = migrationsFolder(
      { id: "aa11", upgrade: "CREATE TABLE t (id int, m text NOT NULL);" },
      {
        id: "bb22",
        revises: "aa11",
        upgrade: "ALTER TABLE t ALTER m DROP NOT NULL;\nUPDATE t SET m = NULL;",
      },
      { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD CHECK (m IS NOT NULL);" },
      { id: "dd44", revises: "aa11", upgrade: "ALTER TABLE t ADD n int NOT NULL;" },
    );
    const before = textsIn(folder);
    const refused = await rebase(folder, "cc33", "--onto", "bb22", "--json");
    expect(refused.json()).toMatchObject({
      error: { code: "E_REBASE_FAILS", revision: "cc33", line: 6, sqlState: "23514" },
    });
    expect(textsIn(folder)).toEqual(before);
    const moved = await rebase(folder, "dd44", "--onto", "bb22");
    expect(moved.exitCode).toBe(0);
    expect(moved.stdout).toContain(
      "proved: 3 revisions from base run in this order, on tables with rows, but for dd44, on empty ones alone as before",
    );
  });

  test("where what stays does not run from nothing, that is said, and the rest is moved", async () => {
    const [, ...others] = revisions;
    const folder = migrationsFolder(
      { id: "aa11", upgrade: "ALTER TABLE made_elsewhere ADD a int;" },
      ...others,
    );
    const result = await rebase(folder, "cc33", "--onto", "bb22");
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        "not proved: aa11 (aa11.sql), which stays where it is, does not run on an empty",
      ),
    });
  });

  test("a merge of the two lines is left with one parent, and said to be in the way no more", async () => {
    const folder = migrationsFolder(...revisions, { id: "ee55", revises: "bb22, dd44" });
    const result = await rebase(folder, "cc33", "--onto", "bb22");
    expect(result.stdout).toContain("ee55 revises dd44 (before: bb22, dd44), ee55.sql\n");
    expect(result.stdout).toContain("ee55 joins nothing any more");
    expect(readFileSync(join(folder, "ee55.sql"), "utf8")).toContain("-- revises: dd44\n");
  });

  test("a graph that would not hold, a missing target and several databases elsewhere are refused", async () => {
    const folder = migrationsFolder(
      { id: "aa11" },
      { id: "bb22", revises: "aa11", head: ["depends on: cc33"] },
      { id: "cc33", revises: "aa11" },
    );
    const before = textsIn(folder);
    const circle = await rebase(folder, "cc33", "--onto", "bb22", "--json");
    expect(circle).toMatchObject({ exitCode: 1 });
    expect(circle.json()).toMatchObject({ error: { code: "E_DEPENDENCY_CYCLE" } });
    expect(await rebase(folder, "cc33")).toMatchObject({ exitCode: 2 });
    expect(await rebase(folder, "--onto", "bb22")).toMatchObject({ exitCode: 2 });
    expect((await rebase(folder, "cc33", "--onto", "cc33", "--json")).json()).toMatchObject({
      error: { code: "E_INVALID_TARGET" },
    });
    const twice = await runWellhead(["status", "--url", "postgres://a/b", "--url", "postgres://a/c"], folder);
    expect(twice).toMatchObject({ exitCode: 2 });
    expect(textsIn(folder)).toEqual(before);
  });

  test("what a rebase that was killed has left is undone by the next command, whichever it is", async () => {
    const folder = migrationsFolder(...revisions);
    const before = textsIn(folder);
    const files = ["cc33.sql", "dd44.sql"].map((name) => ({
      file: join(folder, name),
      before: before[name],
      after: before[name]?.replace(/revises: \w+/, "revises: bb22"),
    }));
    writeFileSync(join(folder, "cc33.sql"), files[0]?.after ?? "");
    const journal = join(folder, ".wellhead-rewrite.json");
    writeFileSync(journal, JSON.stringify({ files }));
    utimesSync(journal, 1, 1);
    const heads = await runWellhead(["heads", "--dir", "."], folder);
    expect(heads.stderr).toContain("an interrupted rebase is undone: cc33.sql is as it was before");
    expect(textsIn(folder)).toEqual(before);
  });

  test("a Python project's files change in both places", async () => {
    const folder = temporaryFolder();
    const text = (id: string, parent: string): string =>
      `"""m\n\nRevision ID: ${id}\nRevises: ${parent}\n"""\nrevision = "${id}"\ndown_revision = ${parent === "" ? "None" : `"${parent}"`}\n`;
    writeFileSync(join(folder, "a.py"), text("aa11", ""));
    writeFileSync(join(folder, "b.py"), text("bb22", "aa11"));
    writeFileSync(join(folder, "c.py"), text("cc33", "aa11"));
    expect(await rebase(folder, "cc33", "--onto", "bb22")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("not proved: What Python revisions run is not known"),
    });
    expect(readFileSync(join(folder, "c.py"), "utf8")).toBe(
      text("cc33", "aa11").replace("Revises: aa11", "Revises: bb22").replace('"aa11"', "'bb22'"),
    );
  });
});

async function project(server: SharedServer): Promise<{
  folder: string;
  url: string;
  wellhead: (...argv: string[]) => Promise<WellheadAnswer>;
}> {
  const folder = migrationsFolder(...revisions);
  const { url, close } = await createTestDatabase(server);
  onTestFinished(close);
  return {
    folder,
    url,
    wellhead: async (...argv) => await runWellhead([...argv, "--dir", "."], folder, url),
  };
}

describeOnPostgres("wellhead rebase with databases", (server) => {
  test("refuses what one of several databases has, and names the merge to make", async () => {
    const { wellhead, folder } = await project(server);
    const other = await createTestDatabase(server);
    onTestFinished(other.close);
    await wellhead("upgrade", "bb22");
    await runWellhead(["upgrade", "cc33", "--dir", ".", "--url", other.url], folder);
    const before = textsIn(folder);
    const refused = await wellhead("rebase", "dd44", "--onto", "bb22", "--url", other.url, "--json");
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({
      error: {
        code: "E_REVISION_APPLIED",
        revisions: ["cc33"],
        hint: "join the lines instead: `wellhead merge bb22 dd44`",
      },
    });
    expect((await wellhead("rebase", "bb22", "--onto", "dd44", "--json")).json()).toMatchObject({
      error: { code: "E_REVISION_APPLIED", revisions: ["bb22"] },
    });
    expect(textsIn(folder)).toEqual(before);
    // The scratch database is made on the server then, and is gone afterwards.
    const argv = ["rebase", "dd44", "--onto", "bb22", "--json", "--scratch-url", other.url];
    expect((await wellhead(...argv)).json()).toMatchObject({
      asked: [expect.stringContaining("wellhead_test_")],
      proof: { proved: true, version: expect.stringMatching(new RegExp(`^${server.major}\\.`)) },
    });
  });

  test("a database that cannot be asked, or stands at what no file declares, is an error", async () => {
    const { wellhead, folder, url } = await project(server);
    const before = textsIn(folder);
    const nowhere = "postgres://u:secret@127.0.0.1:1/x";
    const env = { DATABASE_URL: url, DB_CONNECT_TIMEOUT: "0" };
    const argv = ["rebase", "cc33", "--onto", "bb22", "--dir", "."];
    const silent = await runCli([...argv, "--url", nowhere], { cwd: folder, env });
    expect(silent).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: .*127\.0\.0\.1/) });
    expect(silent.stdout + silent.stderr).not.toContain("secret");
    await wellhead("upgrade", "bb22");
    rmSync(join(folder, "bb22.sql"));
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("DROP TABLE wellhead_ledger");
    await client.end();
    expect((await wellhead("rebase", "dd44", "--onto", "aa11", "--json")).json()).toMatchObject({
      error: { code: "E_REVISION_NOT_FOUND", versions: ["bb22"] },
    });
    const { "bb22.sql": _gone, ...others } = before;
    expect(textsIn(folder)).toEqual(others);
  });
});
