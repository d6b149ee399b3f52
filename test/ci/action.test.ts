// action.yml: parsed, and the scripts of its steps run as GitHub runs them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { gitRepository, sqlRevision as sql } from "../support/git-repository.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { runScript, standIns, type ScriptRun } from "../support/stand-ins.ts";

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { description: string; default: unknown }>>;
  readonly outputs: Readonly<Record<string, { value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const text = readFileSync(fileURLToPath(new URL("../../action.yml", import.meta.url)), "utf8");
const action: Action = parse(text);

interface RunnerFolders {
  readonly temp: string;
  readonly output: () => Record<string, string>;
  readonly summary: () => string;
  readonly run: (step: string, env: Record<string, string>, commands?: Record<string, string>) => ScriptRun;
}

/** What GitHub's runner gives to a step. */
function runner(cwd: string): RunnerFolders {
  const temp = temporaryFolder();
  const files = { GITHUB_OUTPUT: join(temp, "output"), GITHUB_STEP_SUMMARY: join(temp, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const lines = (): string[] => readFileSync(files.GITHUB_OUTPUT, "utf8").trim().split("\n");
  return {
    temp,
    output: () => Object.fromEntries(lines().map((line) => line.split(/=(.*)/s).slice(0, 2))),
    summary: () => readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    run: (name, env, commands = {}) => {
      const step = action.runs.steps.find((each) => each.name === name);
      expect(Object.keys(step?.env ?? {}).toSorted()).toEqual(Object.keys(env).toSorted());
      return runScript(step?.run ?? "exit 99", {
        cwd,
        commands: standIns(commands),
        env: { ...files, RUNNER_TEMP: temp, GITHUB_WORKSPACE: cwd, ...env },
      });
    },
  };
}

const npx = { COMMAND: "npx --no-install wellhead", REFS: "", ARGUMENTS: "", CHECKED_DATABASE: "" };

describe("action.yml", () => {
  test("is a composite action whose inputs reach its scripts as environment only", () => {
    expect(action.runs.using).toBe("composite");
    for (const { name, run, uses, shell } of action.runs.steps) {
      expect(run === undefined ? uses : shell, name).toEqual(expect.any(String));
      expect(run ?? "", name).not.toContain("${{");
    }
    const named = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, input]) => input);
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    for (const { description } of Object.values(action.inputs))
      expect(description).toEqual(expect.any(String));
  });

  test("takes the project's own wellhead, and installs one where there is none", () => {
    const own = runner(temporaryFolder());
    expect(own.run("Install Wellhead", { VERSION: "latest" })).toMatchObject({ exitCode: 0 });
    expect(own.output()).toEqual({ command: "npx --no-install wellhead" });
    const other = runner(temporaryFolder());
    const commands = { npx: "exit 1\n", npm: 'echo "$@" > "$RUNNER_TEMP/npm"\n' };
    expect(other.run("Install Wellhead", { VERSION: "1.2.3" }, commands)).toMatchObject({ exitCode: 0 });
    expect(other.output()).toEqual({ command: `${other.temp}/wellhead/node_modules/.bin/wellhead` });
    expect(readFileSync(join(other.temp, "npm"), "utf8")).toContain(
      `--prefix ${other.temp}/wellhead wellhead@1.2.3`,
    );
  });

  test("checks: annotations, the summary, the outputs and the exit status", () => {
    const repository = gitRepository();
    repository.commit({
      "migrations/aa11.sql": sql("aa11", "", "CREATE TABLE t (id int);", "DROP TABLE t;"),
    });
    const sound = runner(repository.root);
    const env = { ...npx, ARGUMENTS: "--only graph" };
    expect(sound.run("Check", env)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(sound.output()).toMatchObject({ ok: "true", report: join(sound.temp, "wellhead-report.md") });
    expect(sound.summary()).toContain("## ✅ wellhead check: everything holds");
    repository.branch("other", { "migrations/bb22.sql": sql("bb22", "aa11", "COMMIT;") });
    const faulty = runner(repository.root);
    const result = faulty.run("Check", { ...env, REFS: "other main" });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/^::error .*title=wellhead graph%3A E_REVISION_TRANSACTION_CONTROL::/m);
    expect(faulty.output()).toMatchObject({ ok: "false" });
    expect(faulty.summary()).toContain("## ❌ wellhead check: graph does not hold");
  });

  test("writes a comment, and the next time writes it anew", () => {
    const cwd = temporaryFolder();
    const report = join(cwd, "report.md");
    writeFileSync(report, "the report\n");
    const env = { GH_TOKEN: "t", REPORT: report, REPOSITORY: "me/app", PULL_REQUEST: "7", FOLDER: "." };
    const gh = (found: string): string =>
      `if [[ "$*" == *--jq* ]]; then printf '${found}'; else echo "$@" >> "$RUNNER_TEMP/gh"; fi\n`;
    const first = runner(cwd);
    expect(first.run("Comment", env, { gh: gh("") })).toMatchObject({ exitCode: 0, stderr: "" });
    const body = join(first.temp, "wellhead-comment.md");
    expect(readFileSync(join(first.temp, "gh"), "utf8")).toBe(
      `api --method POST repos/me/app/issues/7/comments --field body=@${body} --silent\n`,
    );
    expect(readFileSync(body, "utf8")).toBe("<!-- wellhead check: . -->\nthe report\n");
    const second = runner(cwd);
    second.run("Comment", env, { gh: gh("41\\n42\\n") });
    expect(readFileSync(join(second.temp, "gh"), "utf8")).toContain(
      "--method PATCH repos/me/app/issues/comments/41 ",
    );
    const fork = runner(cwd);
    const refused = fork.run("Comment", env, { gh: "exit 1\n" });
    expect(refused).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^::warning /) });
    expect(existsSync(join(fork.temp, "gh"))).toBe(false);
  });
});
