import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { migrationsFolder, writeRevision } from "../support/migrations-folder.ts";
import type { SharedServer } from "../support/postgres-servers.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);", downgrade: "DROP TABLE t;" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
  { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD c int;", downgrade: "ALTER TABLE t DROP c;" },
];

describeOnPostgres("a database through the command line", (server) => {
  test("a .ts revision that asks when it has ended is told so, without a stack", async () => {
    const { folder, wellhead } = await project(server);
    const late = "setTimeout(() => db.run('SELECT 1'), 50);";
    writeFileSync(
      join(folder, "dd44.ts"),
      `// revision: dd44\n// revises: bb22, cc33\n// message: late\nexport async function upgrade(db) { ${late} }\n`,
    );
    const { exitCode, stderr } = await wellhead("upgrade");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: dd44 \(.+\) asks the database something after it has ended\.\nhint: await every call .+\n$/,
    );
  });

  test("goes up, is shown, goes down", async () => {
    const { wellhead } = await project(server);
    const up = await wellhead("upgrade");
    expect(up.stdout.split("\n").slice(0, 3)).toEqual([
      "Running upgrade  -> aa11, the aa11",
      "Running upgrade aa11 -> cc33, the cc33",
      "Running upgrade aa11 -> bb22, the bb22",
    ]);
    expect(up.stdout).toMatch(/Upgraded 3 revisions in \d+ ms; the database stands at bb22, cc33\.\n$/);
    expect((await wellhead("current")).stdout).toBe("bb22 (head)\ncc33 (head)\n");
    expect((await wellhead("upgrade", "heads")).stdout).toBe(
      "Nothing to upgrade: the database stands at bb22, cc33.\n",
    );
    const down = await wellhead("downgrade", "base", "--json");
    expect(down.json()).toMatchObject({
      from: ["bb22", "cc33"],
      to: [],
      steps: [
        { direction: "downgrade", revision: "bb22" },
        { direction: "downgrade", revision: "cc33" },
        { direction: "downgrade", revision: "aa11", versionsAfter: [] },
      ],
    });
  });

  test("upgrade head with two heads names both and both ways out", async () => {
    const { wellhead } = await project(server);
    const result = await wellhead("upgrade", "head");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^error: .*bb22.*cc33/);
    expect(result.stderr).toMatch(/hint: .*heads.*merge/s);
  });

  test("a target that is not there is an error with a hint, and runs nothing", async () => {
    const { wellhead } = await project(server);
    const result = await wellhead("upgrade", "nowhere");
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/^error: .*nowhere.*\nhint: /);
    expect((await wellhead("current", "--json")).json()).toMatchObject({ versions: [] });
  });

  test("--plan says what would run with files and versions, and runs nothing", async () => {
    const { wellhead } = await project(server);
    await wellhead("upgrade", "bb22");
    const plan = (await wellhead("upgrade", "heads", "--plan", "--json")).json();
    expect(plan).toMatchObject({
      from: ["bb22"],
      target: "heads",
      steps: [
        {
          direction: "upgrade",
          revision: "cc33",
          path: "migrations/cc33.sql",
          message: "the cc33",
          versionsAfter: ["bb22", "cc33"],
        },
      ],
    });
    expect((await wellhead("current", "--json")).json()).toMatchObject({ versions: ["bb22"], atHead: false });
  });

  test("--check-heads tells by its exit status", async () => {
    const { wellhead } = await project(server);
    await wellhead("upgrade", "bb22");
    const behind = await wellhead("current", "--check-heads");
    expect(behind).toMatchObject({ exitCode: 1, stdout: "" });
    expect(behind.stderr).toContain("cc33");
    await wellhead("upgrade");
    expect((await wellhead("current", "--check-heads")).exitCode).toBe(0);
  });

  test("a failing migration names file, line, detail and code, and exits with 1", async () => {
    const { wellhead, folder } = await project(server);
    writeRevision(folder, {
      id: "dd44",
      revises: "bb22, cc33",
      upgrade: "INSERT INTO t (id) VALUES (1);\nALTER TABLE t ADD CHECK (id > 1);",
    });
    const result = await wellhead("upgrade");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /error: upgrade of dd44 failed at migrations\/dd44\.sql:7: check constraint .* is violated by some row \(23514\)/,
    );
    expect(result.stderr).toContain("ALTER TABLE t ADD CHECK (id > 1)");
    expect(result.stderr).toMatch(/\nhint: .*stands at no version/);
    expect((await wellhead("upgrade", "--json")).json()).toMatchObject({
      error: { code: "E_MIGRATION_FAILED", revision: "dd44", line: 7, sqlState: "23514" },
    });
  });

  test("--debug shows the stack, nothing else does", async () => {
    const { wellhead } = await project(server);
    expect((await wellhead("upgrade", "nowhere")).stderr).not.toContain("    at ");
    expect((await wellhead("upgrade", "nowhere", "--debug")).stderr).toContain("    at ");
  });

  test("a password is in no output, whatever goes wrong", async () => {
    const { cwd, url } = await project(server);
    const withSecret = new URL(url);
    withSecret.password = "hunter2secret";
    withSecret.pathname = "/not_there_at_all";
    for (const argv of [["upgrade"], ["current", "--json"], ["upgrade", "--debug"], ["current", "-v"]]) {
      const { stdout, stderr, exitCode } = await runCli(argv, {
        cwd,
        env: { DATABASE_URL: withSecret.href },
      });
      expect(exitCode).toBe(1);
      expect(stdout + stderr).not.toContain("hunter2secret");
      expect(stdout + stderr).toContain("not_there_at_all");
    }
  });

  test("stamp sets the versions and runs nothing", async () => {
    const { wellhead, rows } = await project(server);
    expect((await wellhead("stamp", "heads")).stdout).toBe("Stamped bb22, cc33 (before: base).\n");
    expect(await rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("history marks where the database stands", async () => {
    const { wellhead } = await project(server);
    await wellhead("upgrade", "bb22");
    expect((await wellhead("history", "-i")).stdout).toBe(
      "aa11 -> bb22 (head) (current), the bb22\naa11 -> cc33 (head), the cc33\n<base> -> aa11 (branchpoint), the aa11\n",
    );
    expect((await wellhead("history", "-r", ":current")).stdout).toBe(
      "aa11 -> bb22 (head), the bb22\n<base> -> aa11 (branchpoint), the aa11\n",
    );
  });

  test("a database ahead of the files is explained", async () => {
    const { wellhead, rows } = await project(server);
    await wellhead("upgrade");
    await rows("UPDATE alembic_version SET version_num = 'ffff' WHERE version_num = 'bb22'");
    for (const argv of [["upgrade"], ["current"], ["downgrade", "base"], ["stamp", "heads"]]) {
      const result = await wellhead(...argv);
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toMatch(/^error: .*ffff/);
      expect(result.stderr).toContain("hint:");
    }
  });
});

describe("a database that does not answer", () => {
  test("is told with the reason, after the time that DB_CONNECT_TIMEOUT gives", async () => {
    const cwd = migrationsFolder({ id: "a" });
    const env = { DATABASE_URL: "postgres://u:hunter2secret@127.0.0.1:1/d", DB_CONNECT_TIMEOUT: "1" };
    const result = await runCli(["upgrade", "--dir", "."], { cwd, env });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("asking again");
    expect(result.stderr).toMatch(/error: .*127\.0\.0\.1/);
    expect(result.stderr).not.toContain("hunter2secret");
  });

  test("SQLite is named and refused, with the way to the embedded Postgres", async () => {
    const cwd = migrationsFolder({ id: "a" });
    const result = await runCli(["upgrade", "--dir", "."], {
      cwd,
      env: { DATABASE_URL: "sqlite:///./dev.db" },
    });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/SQLite.*\nhint: .*DATABASE_URL/);
  });
});

interface Project {
  readonly cwd: string;
  readonly folder: string;
  readonly url: string;
  readonly wellhead: (...argv: string[]) => Promise<CliResult>;
  readonly rows: (sql: string) => Promise<unknown[]>;
}

async function project(server: SharedServer): Promise<Project> {
  const cwd = migrationsFolder();
  const folder = join(cwd, "migrations");
  await runCli(["init"], { cwd });
  for (const revision of revisions) writeRevision(folder, revision);
  writeFileSync(join(folder, "notes.txt"), "not a revision");
  const { url, close } = await createTestDatabase(server);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await close();
  });
  return {
    cwd,
    folder,
    url,
    wellhead: async (...argv) => await runCli(argv, { cwd, env: { DATABASE_URL: url } }),
    rows: async (sql) => (await client.query(sql)).rows,
  };
}
