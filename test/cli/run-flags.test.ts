import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);", downgrade: "DROP TABLE t;" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
];

describe("the flags of a run", () => {
  test.each([
    ["--lock-timeout", "2 parsecs"],
    ["--transaction", "some"],
    ["--log-format", "xml"],
  ])("%s refuses «%s» before anything is asked", async (flag, value) => {
    const cwd = migrationsFolder(...revisions);
    const result = await runCli(["upgrade", "--dir", ".", flag, value], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(`error: ${flag} `);
    expect(result.stderr).toContain("\nhint: ");
  });

  test("a stamp takes the lock's flags, and --json does not go with --log-format json", async () => {
    const cwd = migrationsFolder(...revisions);
    const stamp = await runCli(["stamp", "heads", "--dir", ".", "--wait-for-lock", "x", "--json"], { cwd });
    expect(stamp.exitCode).toBe(2);
    expect(stamp.json()).toMatchObject({ error: { code: "E_USAGE" } });
    const both = await runCli(["upgrade", "--dir", ".", "--json", "--log-format", "json"], { cwd });
    expect(both.exitCode).toBe(2);
    expect(both.json()).toMatchObject({ error: { code: "E_USAGE" } });
  });
});

describeOnPostgres("the flags of a run, at work", (server) => {
  test("--transaction each keeps what came before the failing revision", async () => {
    const { wellhead } = await cliProject(server, ...revisions, {
      id: "cc33",
      revises: "bb22",
      upgrade: "SELECT 1/0;",
    });
    expect(await wellhead("upgrade", "--transaction", "each")).toMatchObject({ exitCode: 1 });
    expect((await wellhead("current")).stdout).toBe("bb22\n");
    expect(
      (await wellhead("upgrade", "--sql", "--transaction", "each")).stdout.match(/^BEGIN;$/gm),
    ).toHaveLength(4);
  });

  test("--statement-timeout ends a statement that runs too long", async () => {
    const { wellhead } = await cliProject(server, { id: "aa11", upgrade: "SELECT pg_sleep(20);" });
    const result = await wellhead("upgrade", "--statement-timeout", "100ms");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("57014");
  });

  test("--lock-timeout and --lock-retries: it gives way, tells who was in the way, and gives up", async () => {
    const { wellhead, url } = await cliProject(server, ...revisions);
    await wellhead("upgrade", "aa11");
    await holding(url, "SELECT * FROM t");
    const result = await wellhead("upgrade", "--lock-timeout", "0.1", "--lock-retries", "1");
    expect(result.exitCode).toBe(1);
    expect(result.stderr.match(/a lock was not had in time/g)).toHaveLength(1);
    expect(result.stderr).toContain("55P03");
  });

  test("--wait-for-lock: it gives up on another migration after that time", async () => {
    const { wellhead, url, rows } = await cliProject(server, ...revisions);
    await wellhead("upgrade", "aa11");
    await holding(
      url,
      `SELECT pg_advisory_xact_lock(hashtextextended('wellhead ' || current_database() || ' public alembic_version', 0))`,
    );
    const result = await wellhead("upgrade", "--wait-for-lock", "0.2");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/error: Waited \d s for server process \d+/);
    expect(await rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "aa11" }]);
  });
});

describeOnPostgres("current --check-heads --wait", (server) => {
  test("ends when the database is at its heads, and exits with 1 after the time", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    const late = await wellhead("current", "--check-heads", "--wait", "0.2");
    expect(late).toMatchObject({ exitCode: 1, stdout: "" });
    expect(late.stderr).toMatch(/^waiting, .* of 200 ms: .*missing bb22\.\nerror: .*missing bb22\.\nhint: /);
    const [waited] = await Promise.all([
      wellhead("current", "--check-heads", "--wait", "20", "--json"),
      wellhead("upgrade"),
    ]);
    expect(waited.exitCode).toBe(0);
    expect(waited.json()).toMatchObject({ versions: ["bb22"], atHead: true });
    expect(await wellhead("current", "--wait", "1")).toMatchObject({ exitCode: 2 });
  });
});

describeOnPostgres("--log-format json", (server) => {
  test("prints one object an event, and nothing else", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    const up = await wellhead("upgrade", "--log-format", "json");
    expect(up).toMatchObject({ exitCode: 0, stderr: "" });
    const lines = logOf(up.stdout);
    expect(lines.map((line) => [line["level"], line["event"], line["revision"]])).toEqual([
      ["info", "planned", undefined],
      ["info", "step-started", "aa11"],
      ["info", "step-finished", "aa11"],
      ["info", "step-started", "bb22"],
      ["info", "step-finished", "bb22"],
      ["info", "finished", undefined],
    ]);
    expect(lines[0]).toMatchObject({ from: [], revisions: ["aa11", "bb22"] });
    expect(lines[4]).toMatchObject({
      durationMs: expect.any(Number),
      versionsAfter: ["bb22"],
      path: "bb22.sql",
    });
    expect(lines[5]).toMatchObject({ command: "upgrade", from: [], to: ["bb22"], steps: 2 });
    for (const { time } of lines) expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    const down = logOf((await wellhead("downgrade", "-1", "--log-format", "json")).stdout);
    expect(down.at(-1)).toMatchObject({ event: "finished", command: "downgrade", to: ["aa11"] });
    const stamped = logOf((await wellhead("stamp", "heads", "--log-format", "json")).stdout);
    expect(stamped).toMatchObject([{ event: "finished", command: "stamp", from: ["aa11"], to: ["bb22"] }]);
  });

  test("an error is a line too, also one of usage", async () => {
    const { wellhead } = await cliProject(server, { id: "aa11", upgrade: "SELECT 1/0;" });
    const failed = await wellhead("upgrade", "--log-format", "json");
    expect(failed).toMatchObject({ exitCode: 1, stderr: "" });
    expect(logOf(failed.stdout).at(-1)).toMatchObject({
      level: "error",
      event: "failed",
      code: "E_MIGRATION_FAILED",
      revision: "aa11",
      sqlState: "22012",
      hint: expect.any(String),
    });
    const usage = await wellhead("upgrade", "--log-format", "json", "--lock-retries", "many");
    expect(usage).toMatchObject({ exitCode: 2, stderr: "" });
    expect(logOf(usage.stdout)).toMatchObject([{ level: "error", event: "failed", code: "E_USAGE" }]);
    const unknown = await wellhead("upgrade", "--log-format", "json", "--nowhere");
    expect(logOf(unknown.stdout)).toMatchObject([{ event: "failed", code: "E_USAGE" }]);
  });
});

function logOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Another client whose transaction stays open, with what `statement` locked. */
async function holding(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: "somebody else" });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(async () => await client.end());
  await client.query("BEGIN");
  await client.query(statement);
}
