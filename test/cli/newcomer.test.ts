// What somebody meets who types a command for the first time, or by mistake.

import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliCommand } from "../support/cli-command.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";

describe("an empty folder", () => {
  test("answers nothing, and the note says which folder it is and how to begin", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "migrations"));
    for (const command of ["heads", "history", "graph"]) {
      const result = await runCli([command], { cwd });
      expect(result).toMatchObject({ exitCode: 0, stdout: "" });
      expect(result.stderr).toMatch(/^no revisions in migrations yet; `wellhead revision .*\n$/);
    }
    expect(await runCli(["heads", "--quiet"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await runCli(["heads", "--json"], { cwd })).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("no DATABASE_URL", () => {
  test("an upgrade says that the embedded Postgres is meant", async () => {
    const cwd = migrationsFolder({ id: "a" });
    const result = await runCli(["upgrade", "--dir", "."], { cwd });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toMatch(/^DATABASE_URL is not set: .*embedded Postgres/);
    expect((await runCli(["upgrade", "--dir", ".", "--json"], { cwd })).stderr).toBe("");
  });
});

describe("an option without a value", () => {
  test.for(["--url", "--dir", "--config"])(
    "%s is refused: a variable that is not set must not name another place",
    async (flag) => {
      const result = await runCli(["upgrade", flag, ""], { cwd: migrationsFolder({ id: "a" }) });
      expect(result).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toMatch(new RegExp(`^error: ${flag} is empty\nhint: `));
    },
  );
});

describe("a configuration", () => {
  const withConfiguration = (name: string, text: string): string => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "migrations"));
    writeFileSync(join(cwd, name), text);
    return cwd;
  };

  test("with a byte order mark is read", async () => {
    const cwd = withConfiguration("wellhead.config.json", '\uFEFF{ "migrations": "migrations" }\r\n');
    expect(await runCli(["heads"], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test("with a mistake is told with its line", async () => {
    const cwd = withConfiguration(
      "wellhead.config.ts",
      'export default {\n  migrations: "x"\n  url: 3\n};\n',
    );
    const { exitCode, stderr } = await runCli(["heads"], { cwd });
    expect(stderr).toMatch(/^error: wellhead\.config\.ts does not load: .* \(line 3\)\nhint: /);
    expect(exitCode).toBe(1);
  });

  test("that prints something leaves one document on standard output", async () => {
    const text = 'console.log("loading"); export default { migrations: "migrations" };';
    const cwd = withConfiguration("wellhead.config.ts", text);
    const result = await runCli(["heads", "--json"], { cwd });
    expect([result.json(), result.stderr]).toEqual([{ heads: [] }, "loading\n"]);
  });

  test("that is a folder is told as one", async () => {
    const cwd = withConfiguration("wellhead.config.json", "{}");
    const { stderr } = await runCli(["heads", "--config", "migrations"], { cwd });
    expect(stderr).toMatch(/^error: migrations does not load: it is a folder\nhint: name the file itself/);
  });

  test("with a path of Windows is told how to write it for everybody", async () => {
    const cwd = withConfiguration("wellhead.config.json", '{ "migrations": "db\\\\migrations" }');
    const { stderr } = await runCli(["heads"], { cwd });
    expect(stderr).toContain("hint: write its path with /: db/migrations");
  });
});

test("a migrations folder that is a link to itself is told as one", async () => {
  const cwd = temporaryFolder();
  symlinkSync("migrations", join(cwd, "migrations"));
  const { exitCode, stderr } = await runCli(["heads"], { cwd });
  expect(stderr).toMatch(/^error: migrations is a link that leads to itself\.\nhint: /);
  expect(exitCode).toBe(1);
});

describe("ranges", () => {
  test("each mistake has its own words", async () => {
    const cwd = migrationsFolder({ id: "a" }, { id: "b" });
    const said = async (...argv: string[]) => (await runCli([...argv, "--dir", "."], { cwd })).stderr;
    expect(await said("upgrade", "a:b")).toMatch(/^error: "a:b" is a range, and a run begins where/);
    expect(await said("downgrade", "a", "--sql")).toMatch(/^error: "a" is no range.*\nhint: .*A:B/);
    expect(await said("upgrade", "heads:a", "--sql")).toMatch(
      /^error: "heads:a" begins at several revisions/,
    );
  });
});

test("merge with one revision alone is refused, and nothing is written", async () => {
  const cwd = migrationsFolder({ id: "a" }, { id: "b" });
  const result = await runCli(["merge", "a", "--dir", "."], { cwd });
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toMatch(/^error: One revision only is named: a\.\nhint: /);
});

test.for([
  ["init", "file/migrations"],
  ["bundle", "--out", "nowhere/bundle.mjs", "--dir", "."],
  ["bundle", "--out", "folder", "--dir", "."],
])("what cannot be written is named: %s", async (argv) => {
  const cwd = migrationsFolder({ id: "a" });
  writeFileSync(join(cwd, "file"), "");
  mkdirSync(join(cwd, "folder"));
  const result = await runCli(argv, { cwd });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(
    /^error: (file\/migrations|nowhere\/bundle\.mjs|folder) cannot be written .*\nhint: /,
  );
});

test("help for an unknown command names it", async () => {
  const result = await runCli(["help", "upgrad"], { cwd: temporaryFolder() });
  expect(result).toMatchObject({ exitCode: 2, stdout: "" });
  expect(result.stderr).toBe("error: unknown command 'upgrad'\nhint: see `wellhead --help`\n");
});

test("an error's document begins with code, message and hint", async () => {
  const cwd = migrationsFolder({ id: "a" });
  const { stdout } = await runCli(["show", "nowhere", "--dir", ".", "--json"], { cwd });
  expect(Object.keys(JSON.parse(stdout).error).slice(0, 3)).toEqual(["code", "message", "hint"]);
});

test.skipIf(process.platform !== "linux")(
  "init where no folder can be made says so, and does not hang",
  async () => {
    const cwd = temporaryFolder();
    const { exitCode, stderr } = await runCli(["init", "/proc/nowhere/migrations"], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^error: \/proc\/nowhere\/migrations cannot be written \(E\w+\)\.\nhint: /,
      ),
    });
  },
);

test("a reader that goes away early, as head does, is no error", async () => {
  const ids = Array.from({ length: 1500 }, (_, index) => `r${index}_${"x".repeat(60)}`);
  const cwd = migrationsFolder(...ids.map((id) => ({ id })));
  const [program, ...args] = cliCommand();
  const child = spawn(program, [...args, "history", "-v", "--dir", "."], { cwd });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.once("data", () => child.stdout.destroy());
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});
