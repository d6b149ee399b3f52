import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";

describe("without a command", () => {
  test("it prints the help and exits with 2", async () => {
    const result = await runCli([], { cwd: temporaryFolder() });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain("Usage: wellhead <command>");
    expect(result.stdout).toContain("Examples:");
  });

  test("--help exits with 0, and a command's own help shows examples and the options that all take", async () => {
    const cwd = temporaryFolder();
    expect((await runCli(["--help"], { cwd })).exitCode).toBe(0);
    const upgrade = await runCli(["upgrade", "--help"], { cwd });
    expect(upgrade.exitCode).toBe(0);
    expect(upgrade.stdout).toContain("wellhead upgrade +1 --plan");
    expect(upgrade.stdout).toContain("--json");
  });

  test("--version prints the package's version", async () => {
    const manifest = new URL("../../packages/wellhead/package.json", import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    expect((await runCli(["--version"], { cwd: temporaryFolder() })).stdout).toBe(`${version}\n`);
  });
});

describe("wrong usage exits with 2", () => {
  test("an unknown command, with the near one", async () => {
    const result = await runCli(["upgrad"], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toBe(
      "error: unknown command 'upgrad'\nhint: did you mean upgrade? See `wellhead --help`\n",
    );
  });

  test("an unknown option", async () => {
    const result = await runCli(["heads", "--verbos"], { cwd: temporaryFolder() });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("did you mean --verbose?");
  });

  test("a missing argument, as JSON where that is asked for", async () => {
    const result = await runCli(["downgrade", "--json"], { cwd: temporaryFolder() });
    expect(result).toMatchObject({ exitCode: 2, stderr: "" });
    expect(result.json()).toMatchObject({
      error: { code: "E_USAGE", message: expect.stringContaining("target") },
    });
  });
});

describe("init", () => {
  test("makes a folder and a configuration, and leaves what is there", async () => {
    const cwd = temporaryFolder();
    const first = await runCli(["init", "--json"], { cwd });
    expect(first.json()).toMatchObject({ created: ["migrations", "wellhead.config.json"] });
    expect((await runCli(["init", "--json"], { cwd })).json()).toMatchObject({ created: [] });
    expect((await runCli(["heads"], { cwd })).exitCode).toBe(0);
  });

  test("a TypeScript project gets its configuration in TypeScript, and it loads", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "tsconfig.json"), "{}");
    await runCli(["init", "db/migrations"], { cwd });
    expect(readFileSync(join(cwd, "wellhead.config.ts"), "utf8")).toContain('migrations: "db/migrations"');
    expect(await runCli(["heads"], { cwd })).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

describe("revision and merge", () => {
  test("write files that the next command reads", async () => {
    const cwd = temporaryFolder();
    await runCli(["init"], { cwd });
    await runCli(["revision", "-m", "Add users!", "--rev-id", "a1"], { cwd });
    expect(readdirSync(join(cwd, "migrations"))).toEqual(["a1_add_users.sql"]);
    await runCli(["revision", "-m", "left", "--rev-id", "b1"], { cwd });
    await runCli(["revision", "-m", "right", "--rev-id", "c1", "--head", "a1", "--splice"], { cwd });
    expect((await runCli(["heads"], { cwd })).stdout).toBe("b1 (head)\nc1 (head)\n");
    const merge = await runCli(["merge", "-m", "merge heads", "b1", "c1", "--rev-id", "m1"], { cwd });
    expect(merge).toMatchObject({
      exitCode: 0,
      stdout: "proved: commute: b1, c1\ncreated migrations/m1_merge_heads.sql\n",
    });
    expect((await runCli(["heads"], { cwd })).stdout).toBe("m1 (head)\n");
    expect((await runCli(["history"], { cwd })).stdout).toBe(
      [
        "b1, c1 -> m1 (head) (mergepoint), merge heads",
        "a1 -> b1, left",
        "a1 -> c1, right",
        "<base> -> a1 (branchpoint), Add users!",
        "",
      ].join("\n"),
    );
  });

  test("an id over 32 characters is refused and nothing is written", async () => {
    const cwd = temporaryFolder();
    await runCli(["init"], { cwd });
    const result = await runCli(["revision", "--rev-id", "x".repeat(33)], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("32");
    expect(readdirSync(join(cwd, "migrations"))).toEqual([]);
  });

  test("an id that is taken is refused and nothing is written", async () => {
    const cwd = migrationsFolder({ id: "a" });
    const result = await runCli(["revision", "--rev-id", "a", "--dir", ".", "--json"], { cwd });
    expect(result.json()).toMatchObject({ error: { code: "E_DUPLICATE_REVISION" } });
    expect(readdirSync(cwd)).toEqual(["a.sql"]);
  });

  test("with two heads a revision has to name one, and the hint says how", async () => {
    const cwd = migrationsFolder({ id: "a" }, { id: "b" });
    const result = await runCli(["revision", "-m", "x", "--dir", "."], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^error: .*\ba\b.*\bb\b/);
    expect(result.stderr).toContain("hint:");
  });

  test("merge with one head only says that there is nothing to merge", async () => {
    const result = await runCli(["merge", "--dir", "."], { cwd: migrationsFolder({ id: "a" }) });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("one head only: a");
  });
});

describe("a folder that cannot be read as revisions", () => {
  test("is not there", async () => {
    const result = await runCli(["heads"], { cwd: temporaryFolder() });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("migrations");
    expect(result.stderr).toContain("wellhead init");
  });

  test("is empty: no heads, and an upgrade has nothing to do", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "migrations"));
    expect(await runCli(["heads"], { cwd })).toMatchObject({ exitCode: 0, stdout: "" });
    expect((await runCli(["heads", "--json"], { cwd })).json()).toEqual({ heads: [] });
  });

  test("holds a file with a malformed head: file and line are named", async () => {
    const cwd = migrationsFolder({ id: "a", head: ["transaction: sometimes"] });
    const result = await runCli(["heads", "--dir", "."], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^error: .*a\.sql:4/);
  });

  test("holds two files with one id: both are named", async () => {
    const cwd = migrationsFolder({ id: "a" });
    writeFileSync(join(cwd, "b.sql"), readFileSync(join(cwd, "a.sql")));
    const result = await runCli(["heads", "--dir", "."], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/a\.sql.*b\.sql/s);
  });

  test("names a parent that is not there: the child's file and the nearest id are named", async () => {
    const cwd = migrationsFolder({ id: "abcdef12" }, { id: "b", revises: "abcdef21" });
    const result = await runCli(["heads", "--dir", "."], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/b\.sql/);
    expect(result.stderr).toMatch(/abcdef12/);
  });

  test("holds a cycle", async () => {
    const cwd = migrationsFolder({ id: "a", revises: "b" }, { id: "b", revises: "a" });
    const result = await runCli(["heads", "--dir", ".", "--json"], { cwd });
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
    expect(result.json()).toMatchObject({ error: { code: "E_CYCLE" } });
  });
});

describe("the configuration", () => {
  test("is found from a folder below it", async () => {
    const cwd = temporaryFolder();
    await runCli(["init"], { cwd });
    writeRevision(join(cwd, "migrations"), { id: "a" });
    mkdirSync(join(cwd, "src", "deep"), { recursive: true });
    expect((await runCli(["heads"], { cwd: join(cwd, "src", "deep") })).stdout).toBe("a (head)\n");
  });

  test("with an unknown field or a wrong value is refused, naming both", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "wellhead.config.json"), '{"migration": "x", "transaction": "some"}');
    const result = await runCli(["heads"], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/"migration" is not a field; "transaction" must be "all" or "each"/);
  });

  test("that is broken JSON does not show what stands in it", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "wellhead.config.json"), '{\n"url": "postgres://u:hunter2secret@h/d" x}');
    const result = await runCli(["heads"], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("line 2");
    expect(result.stderr).not.toContain("hunter2secret");
  });

  test("that --config names must be there", async () => {
    const result = await runCli(["heads", "--config", "nowhere.json"], { cwd: temporaryFolder() });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("nowhere.json");
  });
});

test("a question to an embedded database that was never made does not make it", async () => {
  const cwd = temporaryFolder();
  await runCli(["init"], { cwd });
  const result = await runCli(["current"], { cwd });
  expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  expect(result.stderr).toContain("wellhead upgrade");
  expect(existsSync(join(cwd, ".data"))).toBe(false);
});
