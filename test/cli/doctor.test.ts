import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { openDatabase, parseDatabaseUrl } from "wellhead";
import { cliProject, type CliProject } from "../support/cli-project.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { hasTerminal, runInTerminal } from "../support/terminal.ts";
import { describeOnPostgres } from "../support/test-database.ts";

interface Report {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly notRun: readonly string[];
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly durationMs: number;
  readonly hint?: string;
}

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
];

const before = "url dns tcp tls login server pooler role read-only durability".split(" ");
const onServer = [...before, "rights", "versions", "write", "clock", "round trip"];
const embedded = "url folder open server durability versions write".split(" ");

function reportOf(result: CliResult): Report {
  return result.json() as Report;
}

function checkOf(result: CliResult, name: string): Check | undefined {
  return reportOf(result).checks.find((check) => check.name === name);
}

/** The same project for a user of its own, who may do nothing but log in. */
async function strangerTo({ url, rows }: CliProject): Promise<{ name: string; url: string }> {
  const name = `stranger_${randomBytes(6).toString("hex")}`;
  await rows(`CREATE ROLE ${name} LOGIN PASSWORD 's3cret'`);
  onTestFinished(async () => {
    await rows(`DROP OWNED BY ${name}`);
    await rows(`DROP ROLE ${name}`);
  });
  const address = new URL(url);
  address.username = name;
  address.password = "s3cret";
  return { name, url: address.href };
}

describeOnPostgres("wellhead doctor", (server) => {
  test("says layer by layer that a write can land, and leaves nothing behind", async () => {
    const { wellhead, rows } = await cliProject(server, ...revisions);
    await wellhead("upgrade", "aa11");
    const result = await wellhead("doctor", "--json");
    expect(result.exitCode).toBe(0);
    const { ok, checks, notRun } = reportOf(result);
    expect({ ok, notRun }).toEqual({ ok: true, notRun: [] });
    expect(checks.map(({ name }) => name)).toEqual(onServer);
    expect(checkOf(result, "rights")?.detail).toContain("alembic_version and wellhead_ledger");
    expect(checkOf(result, "versions")).toMatchObject({
      detail: "alembic_version: aa11; heads: bb22; pending: 1",
      hint: expect.stringContaining("wellhead upgrade"),
    });
    expect(await rows("SELECT relname FROM pg_class WHERE relname LIKE 'wellhead_doctor%'")).toEqual([]);
  });

  test("for people it is a line a check, with plain words where there is no terminal", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    const { stdout } = await wellhead("doctor");
    expect(stdout).toMatch(/^ok {6}url +\d+ ms {2}DATABASE_URL: /);
    expect(stdout).toMatch(/\nok {6}write +\d+ ms {2}created a table in the schema "public"/);
    expect(stdout).toMatch(/\nA write can land\.\n$/);
  });

  test.skipIf(!hasTerminal)("on a terminal it is a sign a check", async () => {
    const { folder, url } = await cliProject(server, ...revisions);
    const { exitCode, screen } = await runInTerminal(["doctor", "--dir", "."], {
      cwd: folder,
      env: { DATABASE_URL: url },
    });
    expect(exitCode).toBe(0);
    expect(screen).toContain("✓");
    expect(screen).not.toContain("FAILED");
  });

  test("a version in no file is told, and so are files that are no graph; writes land all the same", async () => {
    const { wellhead, folder } = await cliProject(server, ...revisions);
    await wellhead("upgrade");
    writeFileSync(join(folder, "bb22.sql"), "-- revision: cc33\n-- revises: aa11\n\n-- upgrade\n");
    const unknown = await wellhead("doctor", "--json");
    expect(unknown.exitCode).toBe(0);
    expect(checkOf(unknown, "versions")?.detail).toContain("in no file: bb22");
    writeFileSync(join(folder, "bb22.sql"), "-- revision: cc33\n-- revises: gone\n\n-- upgrade\n");
    const broken = await wellhead("doctor", "--json");
    expect(broken.exitCode).toBe(0);
    expect(checkOf(broken, "versions")).toMatchObject({ detail: expect.stringContaining("gone") });
  });

  test("a user without rights is told the GRANT to ask for, and with it all holds", async () => {
    const project = await cliProject(server, ...revisions);
    await project.wellhead("upgrade");
    const stranger = await strangerTo(project);
    await project.rows("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    await project.rows(`GRANT USAGE ON SCHEMA public TO ${stranger.name}`);
    const result = await project.wellhead("doctor", "--json", "--url", stranger.url);
    expect(result.exitCode).toBe(1);
    expect(result.stdout + result.stderr).not.toContain("s3cret");
    const grants = checkOf(result, "rights")?.hint ?? "";
    expect(grants).toBe(
      `ask their owner for: GRANT CREATE ON SCHEMA "public" TO "${stranger.name}"; ` +
        `GRANT SELECT, INSERT, UPDATE, DELETE ON "public"."alembic_version" TO "${stranger.name}"; ` +
        `GRANT SELECT, INSERT, UPDATE, DELETE ON "public"."wellhead_ledger" TO "${stranger.name}"`,
    );
    expect(checkOf(result, "versions")).toMatchObject({ ok: false, hint: expect.stringContaining("GRANT") });
    expect(checkOf(result, "write")).toMatchObject({ ok: false });
    await project.rows(grants.replace("ask their owner for: ", ""));
    expect((await project.wellhead("doctor", "--url", stranger.url)).exitCode).toBe(0);
  });

  test("a user without a schema to work in is told so", async () => {
    const project = await cliProject(server, ...revisions);
    const stranger = await strangerTo(project);
    await project.rows("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    const result = await project.wellhead("doctor", "--json", "--url", stranger.url);
    expect(result.exitCode).toBe(1);
    expect(checkOf(result, "rights")).toMatchObject({
      ok: false,
      hint: expect.stringContaining(`GRANT USAGE, CREATE ON SCHEMA "public" TO "${stranger.name}"`),
    });
  });

  test("a read-only database gets no write probe, and the exit status is 1", async () => {
    const project = await cliProject(server, ...revisions);
    await project.rows(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
    );
    const result = await project.wellhead("doctor", "--json");
    expect(result.exitCode).toBe(1);
    expect(reportOf(result).notRun).toEqual(["write"]);
    const { stdout } = await project.wellhead("doctor");
    expect(stdout).toMatch(/\nFAILED {2}read-only .*\n {8}hint: switch it off: ALTER DATABASE/);
    expect(stdout).toMatch(/\nnot run {2}write\n\nA write could not land\.\n$/);
  });
});

describe("wellhead doctor without a server", () => {
  test("what fails first ends it, and no secret is shown", async () => {
    const cwd = migrationsFolder(...revisions);
    const env = { DATABASE_URL: "postgres://user:s3cret@no-such-host.invalid/db" };
    for (const argv of [["doctor"], ["doctor", "--json"]]) {
      const { exitCode, stdout, stderr } = await runCli([...argv, "--dir", "."], { cwd, env });
      expect(exitCode).toBe(1);
      expect(stdout).toContain("name not found: no-such-host.invalid");
      expect(stdout + stderr).not.toContain("s3cret");
    }
  });

  test("an address that is none is a check that fails, not an error", async () => {
    const env = { DATABASE_URL: "postgres://user:s3cret@host:port/db" };
    const result = await runCli(["doctor", "--json"], { cwd: temporaryFolder(), env });
    expect(result.exitCode).toBe(1);
    expect(reportOf(result).checks).toMatchObject([{ name: "url", ok: false }]);
    expect(result.stdout + result.stderr).not.toContain("s3cret");
  });

  test("where the address comes from is named", async () => {
    const cwd = temporaryFolder();
    const sourceOf = async (argv: string[], env = {}): Promise<string | undefined> =>
      checkOf(await runCli(["doctor", "--json", ...argv], { cwd, env }), "url")?.detail;
    expect(await sourceOf([])).toMatch(/^DATABASE_URL is not set, so the embedded Postgres: /);
    expect(await sourceOf(["--url", "postgres://u@127.0.0.1:1/db"])).toMatch(/^--url: 127\.0\.0\.1:1\/db/);
    expect(await sourceOf([], { PGHOST: "127.0.0.1", PGPORT: "1", PGUSER: "u" })).toMatch(/^PGHOST: /);
    const route = { DATABASE_URL: "postgres://u@127.0.0.1:1/db", DIRECT_URL: "postgres://u@127.0.0.1:2/db" };
    expect(await sourceOf([], route)).toContain("migrations take DIRECT_URL (127.0.0.1:2, direct)");
    expect(await sourceOf(["--url", "postgres://u@127.0.0.1:1/db"], route)).not.toContain("migrations");
    writeFileSync(join(cwd, "wellhead.config.json"), '{"url":"postgres://u@127.0.0.1:1/db"}');
    expect(await sourceOf([])).toMatch(/^url in wellhead\.config\.json: /);
  });

  test("the embedded Postgres holds, and one in use is told with who has it", async () => {
    const cwd = migrationsFolder(...revisions);
    const url = `pglite://${join(temporaryFolder(), "data")}`;
    const doctor = async (): Promise<CliResult> =>
      await runCli(["doctor", "--json", "--dir", ".", "--url", url], { cwd });
    await runCli(["upgrade", "--dir", ".", "--url", url], { cwd });
    const healthy = await doctor();
    expect(healthy.exitCode).toBe(0);
    expect(reportOf(healthy).checks.map(({ name }) => name)).toEqual(embedded);
    const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }));
    const busy = await doctor();
    await database.close();
    expect(busy.exitCode).toBe(1);
    expect(checkOf(busy, "folder")).toMatchObject({
      ok: false,
      detail: expect.stringContaining(`process ${process.pid}`),
    });
  });
});
