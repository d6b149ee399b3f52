import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { hasTerminal, runInTerminal } from "../support/terminal.ts";

/** A project into which the backend was copied, and what a test does to it. */
interface Copied {
  readonly cwd: string;
  read(name: string): string;
  write(name: string, text: string): void;
  /** Makes it so that the file was copied as `text`, and lies there so: upstream has changed it since. */
  copiedAs(name: string, text: string): void;
  add(...argv: readonly string[]): ReturnType<typeof runCli>;
}

async function copied(): Promise<Copied> {
  const cwd = temporaryFolder();
  const add: Copied["add"] = async (...argv) => await runCli(["add", "backend", ...argv], { cwd });
  expect(await add()).toMatchObject({ exitCode: 0 });
  const read = (name: string): string => readFileSync(join(cwd, "backend", name), "utf8");
  const write = (name: string, text: string): void => writeFileSync(join(cwd, "backend", name), text);
  return {
    cwd,
    read,
    write,
    copiedAs: (name, text) => {
      write(name, text);
      const record = JSON.parse(read(".wellhead.json")) as { files: Record<string, string> };
      record.files[name] = createHash("sha256").update(text).digest("hex");
      write(".wellhead.json", JSON.stringify(record));
    },
    add,
  };
}

/** The files that are not as they were copied, with what becomes of them. */
async function statuses({ add }: Copied, ...argv: readonly string[]) {
  const { files } = (await add("--json", ...argv)).json() as {
    files: readonly { path: string; status: string; action: string }[];
  };
  return files
    .filter(({ status }) => status !== "same")
    .map(({ path, status, action }) => `${path} ${status} ${action}`);
}

describe("a second run", () => {
  test("has nothing to do, whatever became of the ends of lines", async () => {
    const project = await copied();
    project.write("app.ts", project.read("app.ts").replaceAll("\n", "\r\n"));
    const { stdout, exitCode } = await project.add();
    expect({ stdout, exitCode }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^backend is up to date with wellhead \d/),
    });
  });

  test("tells apart what was edited here, what changed upstream, and both", async () => {
    const project = await copied();
    project.write("app.ts", "// mine\n");
    rmSync(join(project.cwd, "backend/logs.ts"));
    project.copiedAs("server.ts", "// of old\n");
    project.copiedAs("users/routes.ts", "// of old\n");
    project.write("users/routes.ts", "// mine\n");
    project.copiedAs("users/gone.ts", "// of old\n");

    const dry = await project.add("--dry-run");
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain("--- backend/server.ts\n+++ backend/server.ts\n@@ ");
    expect(dry.stdout).toContain("\n-// of old\n+import ");
    expect(dry.stdout).toContain("backend/app.ts (edited here) stays as it is\n");
    expect(dry.stdout).toMatch(/a dry run: nothing was changed\n$/);

    const refused = await project.add();
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toBe(
      [
        "error: Files would be changed:",
        "  backend/server.ts (changed upstream)",
        "  backend/users/gone.ts (removed upstream)",
        "  backend/users/routes.ts (edited and changed)",
        "hint: --dry-run shows the differences; --yes takes what changed upstream and leaves what was edited here; --force overwrites what is here",
        "",
      ].join("\n"),
    );
    expect(project.read("server.ts")).toBe("// of old\n");

    expect(await statuses(project, "--yes")).toEqual([
      "backend/app.ts edited-here none",
      "backend/logs.ts deleted-here leave",
      "backend/server.ts changed-upstream overwrite",
      "backend/users/gone.ts removed-upstream delete",
      "backend/users/routes.ts edited-and-changed leave",
    ]);
    expect(existsSync(join(project.cwd, "backend/users/gone.ts"))).toBe(false);
    // What was left is told again.
    expect(await statuses(project, "--force")).toEqual([
      "backend/app.ts edited-here none",
      "backend/logs.ts deleted-here create",
      "backend/users/routes.ts edited-and-changed overwrite",
    ]);
    expect(project.read("users/routes.ts")).toContain("import ");
    expect(project.read("app.ts")).toBe("// mine\n");
    expect(await statuses(project)).toEqual(["backend/app.ts edited-here none"]);
  });
});

describe.skipIf(!hasTerminal)("on a terminal (script of util-linux)", () => {
  test("it shows each difference and asks; a no is remembered", async () => {
    const project = await copied();
    project.copiedAs("server.ts", "// of old\n");
    project.copiedAs("users/routes.ts", "// of old\n");
    const argv = ["add", "backend"];
    const quit = await runInTerminal(argv, { cwd: project.cwd, typed: "y\nq\n" });
    expect(quit).toMatchObject({ exitCode: 1, screen: expect.stringContaining("nothing was changed") });
    expect(project.read("server.ts")).toBe("// of old\n");

    const { exitCode, screen } = await runInTerminal(argv, { cwd: project.cwd, typed: "what\nno\nyes\n" });
    expect(exitCode).toBe(0);
    expect(screen).toContain("Change backend/server.ts (changed upstream)? [y]es, [n]o, [a]ll, [q]uit: ");
    expect(screen).toContain("\u001B[31m-// of old\u001B[39m");
    expect(project.read("server.ts")).toBe("// of old\n");
    expect(project.read("users/routes.ts")).toContain("import ");
    expect(await statuses(project)).toEqual(["backend/server.ts edited-here none"]);
  });
});

describe("what is there already", () => {
  test("a file that nobody copied is not overwritten, by --yes neither", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "backend"));
    writeFileSync(join(cwd, "backend/app.ts"), "// mine\n");
    const { exitCode, stderr } = await runCli(["add", "backend", "--yes"], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^error: A file would be changed:\n {2}backend\/app\.ts \(in the way\)\nhint: .*--dir names another folder; --force/,
      ),
    });
    expect(existsSync(join(cwd, "backend/server.ts"))).toBe(false);
    expect(existsSync(join(cwd, "wellhead.config.json"))).toBe(false);
  });

  test.for([
    [
      "wellhead.config.ts",
      'export default {\n  // migrations: "no"\n  migrations: "db",\n};\n',
      'export default {\n  // migrations: "no"\n  migrations: ["db", "backend/migrations"],\n};\n',
    ],
    [
      "wellhead.config.mjs",
      "export default { migrations: ['db'] };",
      'export default { migrations: ["db", "backend/migrations"] };',
    ],
    [
      "wellhead.config.json",
      '{"singleHead": "required"}',
      '{\n  "migrations": "backend/migrations","singleHead": "required"}',
    ],
    ["wellhead.config.mjs", "export default {};", 'export default {\n  migrations: "backend/migrations"};'],
  ])(
    "a configuration is told of the new folder, once somebody agrees: %s",
    async ([name = "", before = "", after]) => {
      const cwd = temporaryFolder();
      mkdirSync(join(cwd, "db"));
      writeFileSync(join(cwd, name), before);
      const refused = await runCli(["add", "backend"], { cwd });
      expect(refused.stderr).toContain(`${name} (to be extended)`);
      expect(existsSync(join(cwd, "backend"))).toBe(false);
      expect(await runCli(["add", "backend", "--yes"], { cwd })).toMatchObject({ exitCode: 0 });
      expect(readFileSync(join(cwd, name), "utf8")).toBe(after);
      expect((await runCli(["heads"], { cwd })).stdout).toMatch(/^\w+ \(users\) \(head\)\n$/);
      expect((await runCli(["add", "backend"], { cwd })).stdout).toContain("up to date");
    },
  );

  test("a configuration that does not show how is left to a person", async () => {
    const cwd = temporaryFolder();
    const text = 'const folder = "db";\nexport default { migrations: folder };\n';
    mkdirSync(join(cwd, "db"));
    writeFileSync(join(cwd, "wellhead.config.mjs"), text);
    const { exitCode, stderr } = await runCli(["add", "backend"], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      'write this into wellhead.config.mjs yourself: migrations: ["db", "backend/migrations"]\n',
    );
    expect(readFileSync(join(cwd, "wellhead.config.mjs"), "utf8")).toBe(text);
  });

  test("a project that has the label users already is told before anything is written", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "migrations"));
    writeRevision(join(cwd, "migrations"), { id: "aa11", head: ["labels: users"] });
    const { exitCode, json } = await runCli(["add", "backend", "--json"], { cwd });
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ error: { code: "E_DUPLICATE_LABEL" } });
    expect(existsSync(join(cwd, "backend"))).toBe(false);
  });
});

test.for([
  [["add"], 2, /^error: missing required argument 'module'/],
  [["add", "frontend"], 2, /^error: there is no module "frontend"\nhint: what can be added: backend/],
  [["add", "backend", "--dir", "a.sql"], 1, /^error: a\.sql is a file, and a folder is wanted there/],
  [
    ["add", "backend", "--dir", "a.sql/backend"],
    1,
    /^error: a\.sql\/backend\/\S+ cannot be written \(ENOTDIR\)/,
  ],
] as const)("wrong usage is told in words: %s", async ([argv, exitCode, stderr]) => {
  const cwd = migrationsFolder({ id: "a" });
  expect(await runCli(argv, { cwd })).toMatchObject({
    exitCode,
    stdout: "",
    stderr: expect.stringMatching(stderr),
  });
});

test("a record that is none is told, and nothing is changed", async () => {
  const project = await copied();
  project.write(".wellhead.json", "{");
  const { exitCode, stderr } = await project.add("--force");
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: backend\/\.wellhead\.json is no record of what was copied\.\nhint: /);
});

test("in a pnpm project the commands are pnpm's", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "pnpm-lock.yaml"), "");
  writeFileSync(join(cwd, "package.json"), '{"type": "module"}');
  const { install } = (await runCli(["add", "backend", "--dry-run", "--json"], { cwd })).json() as {
    install: readonly string[];
  };
  expect(install).toEqual([
    expect.stringMatching(/^pnpm add @hono\/node-server@\d+\.\d+\.\d+ .*\bwellhead@\d/),
    expect.stringMatching(/^pnpm add --save-dev .*\bvitest@\d+\.\d+\.\d+$/),
  ]);
  expect(existsSync(join(cwd, "backend"))).toBe(false);
});
