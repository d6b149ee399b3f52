import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli, type CliResult } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

/** The sections that run nothing. */
const quick = ["--only", "graph", "--only", "edited"];

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
  { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD c int;" },
];

describe("wellhead check without a database", () => {
  test("holds for several heads, says that there is no database, and exits with 0", async () => {
    const result = await check(migrationsFolder(...revisions));
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toBe(
      "ok       graph: 3 revisions, 2 heads: bb22, cc33\nskipped  edited: no database: give --url, or set DATABASE_URL\n",
    );
    const json = (await check(migrationsFolder(...revisions), "--json")).json();
    expect(json).toEqual({
      ok: true,
      sections: [
        { name: "graph", ok: true, findings: [] },
        { name: "edited", ok: true, findings: [], skipped: expect.any(String) },
      ],
    });
  });

  test("tells everything that is wrong with the files, each with its place, and exits with 1", async () => {
    const folder = migrationsFolder(...revisions);
    writeFileSync(join(folder, "copy.sql"), readFileSync(join(folder, "bb22.sql")));
    writeRevision(folder, { id: "dd44", revises: "bb23" });
    writeRevision(folder, { id: "ee55", revises: "aa11", upgrade: "SELECT 1;\nCOMMIT;" });
    const result = await check(folder, "--json");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      ok: false,
      sections: [
        {
          name: "graph",
          ok: false,
          findings: [
            { code: "E_DUPLICATE_REVISION", path: "copy.sql" },
            { code: "E_MISSING_PARENT", path: "dd44.sql", hint: expect.stringContaining("bb22") },
            { code: "E_REVISION_TRANSACTION_CONTROL", path: "ee55.sql", line: 7 },
          ],
        },
        { name: "edited", ok: true, findings: [], skipped: "the revisions do not load" },
      ],
    });
    const text = await check(folder);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/^failed {3}graph: 3 findings; .*\n {2}E_DUPLICATE_REVISION .*\n {4}hint: /);
    expect(text.stdout).toContain("  E_REVISION_TRANSACTION_CONTROL  ee55.sql:7: ");
  });

  test("a file that cannot be read as a revision is a finding, and its children are not blamed", async () => {
    const folder = migrationsFolder(...revisions);
    writeFileSync(join(folder, "aa11.sql"), Buffer.from([0xff, 0xfe, 0x2d, 0x00]));
    expect((await check(folder, "--json")).json()).toMatchObject({
      sections: [{ findings: [{ code: "E_REVISION_ENCODING", path: "aa11.sql" }] }, {}],
    });
    const missing = await runCli(["check", ...quick, "--dir", "nowhere", "--json"], { cwd: folder });
    expect(missing.exitCode).toBe(1);
    expect(missing.json()).toMatchObject({
      sections: [{ findings: [{ code: "E_MIGRATIONS_FOLDER_MISSING" }] }, {}],
    });
  });

  test("an id that the version table does not hold, and heads where one is required", async () => {
    const folder = migrationsFolder(...revisions, { id: "x".repeat(33), revises: "bb22" });
    writeFileSync(join(folder, "wellhead.config.json"), '{"migrations": ".", "singleHead": "required"}');
    const result = await runCli(["check", ...quick, "--json"], { cwd: folder });
    expect(result.json()).toMatchObject({
      sections: [
        {
          findings: [
            { code: "E_REVISION_ID_TOO_LONG", path: `${"x".repeat(33)}.sql` },
            { code: "E_MULTIPLE_HEADS", hint: expect.stringContaining("wellhead merge") },
          ],
        },
        {},
      ],
    });
  });

  test("works on a Python project as it stands", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.py"), '"""base"""\nrevision = "a1"\ndown_revision = None\n');
    writeFileSync(join(folder, "b.py"), '"""next"""\nrevision = "b1"\ndown_revision = "a1"\n');
    expect((await check(folder)).stdout).toContain("ok       graph: 2 revisions, 1 head: b1\n");
  });
});

describeOnPostgres("wellhead check with a database", (server) => {
  test("refuses an edited revision until it is accepted", async () => {
    const { wellhead, folder } = await cliProject(server, ...revisions);
    await wellhead("upgrade");
    expect(await wellhead("check", ...quick)).toMatchObject({ exitCode: 0 });
    writeRevision(folder, { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b bigint;" });
    const refused = await wellhead("check", ...quick, "--json");
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({
      ok: false,
      sections: [
        { name: "graph", ok: true },
        { name: "edited", ok: false, findings: [{ code: "E_REVISION_EDITED", path: "bb22.sql" }] },
      ],
    });
    await wellhead("ledger", "accept", "bb22");
    expect(await wellhead("check", ...quick)).toMatchObject({ exitCode: 0 });
  });

  test("a database that does not answer is a finding, not a crash", async () => {
    const { folder } = await cliProject(server, ...revisions);
    const env = { DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/d", DB_CONNECT_TIMEOUT: "0" };
    const result = await runCli(["check", ...quick, "--dir", "."], { cwd: folder, env });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(
      /ok {7}graph.*\nfailed {3}edited: 1 finding; the database cannot be asked\n {2}E_DB_/,
    );
    expect(result.stdout + result.stderr).not.toContain("hunter2");
  });
});

async function check(folder: string, ...flags: readonly string[]): Promise<CliResult> {
  return await runCli(["check", ...quick, "--dir", ".", ...flags], { cwd: folder });
}
