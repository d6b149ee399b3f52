import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
  { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD c int;" },
];

describeOnPostgres("wellhead status", (server) => {
  test("shows both sides and what is pending", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    await wellhead("upgrade", "bb22");
    const result = await wellhead("status");
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toBe(
      "heads:    bb22, cc33\nversions: bb22\npending:  1 revision\n  cc33  cc33.sql  the cc33\n",
    );
    expect((await wellhead("status", "--json")).json()).toEqual({
      heads: ["bb22", "cc33"],
      versions: ["bb22"],
      pending: ["cc33"],
      unknown: [],
      edited: [],
      invalidIndexes: [],
      unfinished: [],
    });
  });

  test("explains an unknown version and an edited revision, each with its ways out, and exits with 0", async () => {
    const { wellhead, folder } = await cliProject(server, ...revisions);
    await wellhead("upgrade");
    rmSync(join(folder, "cc33.sql"));
    writeRevision(folder, { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b bigint;" });
    const result = await wellhead("status");
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain("applied, and in no file:\n  cc33\n");
    expect(result.stdout).toContain("wellhead stamp --purge");
    expect(result.stdout).toContain("edited after being applied:\n  bb22  bb22.sql  the bb22\n");
    expect(result.stdout).toContain("wellhead ledger accept");
  });
});

describe("wellhead status without a server", () => {
  test("an embedded database that was never made is told, and not made", async () => {
    const cwd = migrationsFolder(...revisions);
    const result = await runCli(["status", "--dir", ".", "--json"], { cwd });
    expect(result.json()).toMatchObject({ versions: [], pending: ["aa11", "cc33", "bb22"] });
    expect(result.stderr).toContain("no embedded database");
    expect((await runCli(["status", "--dir", "."], { cwd })).stderr).toContain("no embedded database");
  });

  test("an empty folder has nothing pending", async () => {
    const result = await runCli(["status", "--dir", ".", "-q"], { cwd: temporaryFolder() });
    expect(result.stdout).toBe("heads:    none: there is no revision\nversions: base\npending:  nothing\n");
  });
});
