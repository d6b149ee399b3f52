import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { runCli as runInProcess } from "../../packages/wellhead/src/cli/run-cli.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function check(
  cwd: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Answer> {
  let [stdout, stderr] = ["", ""];
  process.chdir(cwd);
  const exitCode = await runInProcess(["check", ...argv], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env,
    cwd,
  });
  return { exitCode, stdout, stderr };
}

const sound = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
  { id: "cc33", revises: "aa11", upgrade: "ALTER TABLE t ADD c int;" },
];

/** Its faults have lines, percent signs, colons and what Markdown and GitHub take for their own. */
function faultyFolder(): string {
  const folder = temporaryFolder();
  const migrations = join(folder, "a,b");
  mkdirSync(migrations);
  for (const revision of sound) writeRevision(migrations, revision);
  writeRevision(migrations, { id: "dd44", revises: "cc33", upgrade: "SELECT 1;\nCOMMIT;" });
  writeRevision(migrations, { id: "ee55", revises: "<b>|100%", upgrade: "SELECT 1;" });
  return folder;
}

const graphOnly = ["--only", "graph"];

describe("wellhead check --format", () => {
  test("json prints the document of --json", async () => {
    const folder = migrationsFolder(...sound);
    const [format, flag] = [
      await check(folder, ["--dir", ".", "--format", "json"]),
      await check(folder, ["--dir", ".", "--json"]),
    ];
    expect(JSON.parse(format.stdout)).toEqual(JSON.parse(flag.stdout));
  });

  test("markdown begins with the verdict, and draws the heads", async () => {
    const folder = migrationsFolder({ id: "aa00" }, { ...sound[0]!, revises: "aa00" }, ...sound.slice(1));
    const { stdout, exitCode } = await check(folder, ["--dir", ".", "--format", "markdown", ...graphOnly]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`## ✅ wellhead check: everything holds

| | section | |
| --- | --- | --- |
| ✅ | graph | 4 revisions, 2 heads: bb22, cc33 |

<details><summary>2 heads, without 1 revision below</summary>

\`\`\`mermaid
flowchart TD
  r0["aa11<br>the aa11"]
  r1["cc33<br>head<br>the cc33"]
  r2["bb22<br>head<br>the bb22"]
  r0 --> r1
  r0 --> r2
\`\`\`

</details>
`);
  });

  test("markdown keeps what a revision says from becoming markup", async () => {
    const { stdout, exitCode } = await check(faultyFolder(), [
      "--dir",
      "a,b",
      "--format",
      "markdown",
      ...graphOnly,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^## ❌ wellhead check: graph does not hold\n/);
    expect(stdout).toContain("| ❌ | graph | **2 findings**; it does not load |");
    expect(stdout).toContain("<details open><summary>graph: 2 findings</summary>");
    expect(stdout).not.toContain("<b>");
  });

  test("github annotates the lines, relative to the checkout, and writes the summary of the job", async () => {
    const folder = migrationsFolder(...sound, { id: "dd44", revises: "cc33", upgrade: "SELECT 1;\nCOMMIT;" });
    const summary = join(temporaryFolder(), "summary.md");
    writeFileSync(summary, "before\n");
    const env = { GITHUB_WORKSPACE: join(folder, ".."), GITHUB_STEP_SUMMARY: summary };
    const { stdout, exitCode } = await check(folder, ["--dir", ".", "--format", "github", ...graphOnly], env);
    expect(exitCode).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    const token = /^::stop-commands::(\w+)$/.exec(lines[0] ?? "")?.[1];
    expect(lines).toContain(`::${token}::`);
    expect(lines.at(-1)).toMatch(
      new RegExp(
        `^::error file=${folder.split("/").at(-1)}/dd44.sql,line=7,title=wellhead graph%3A E_REVISION_TRANSACTION_CONTROL::dd44.sql:7: .*%0Ahint: `,
      ),
    );
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n## ❌ wellhead check: graph does not hold\n/);
  });

  test("github writes commas, colons and percent signs as its commands want them", async () => {
    const { stdout } = await check(faultyFolder(), ["--dir", "a,b", "--format", "github", ...graphOnly]);
    const annotation = stdout.split("\n").find((line) => line.startsWith("::error"));
    expect(annotation).toMatch(/^::error file=a%2Cb\/ee55\.sql,title=wellhead graph%3A E_MISSING_PARENT::/);
    expect(annotation).toContain("100%25");
  });

  test("github annotates what keeps the check from running at all", async () => {
    const { stdout, stderr, exitCode } = await check(temporaryFolder(), [
      "--format",
      "github",
      "--config",
      "x.json",
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^::error title=wellhead check%3A E_CONFIG_MISSING::There is no configuration file x\.json/,
    );
    expect(stderr).toMatch(/^error: /);
  });

  test("of another name is wrong usage, and so is a section that is none", async () => {
    const folder = migrationsFolder(...sound);
    expect(await check(folder, ["--dir", ".", "--format", "html"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("use text, json, markdown or github"),
    });
    expect(await check(folder, ["--dir", ".", "--only", "grahp"])).toMatchObject({ exitCode: 2 });
    expect(await check(folder, ["--dir", ".", ...graphOnly, "--skip", "graph"])).toMatchObject({
      exitCode: 2,
    });
    expect((await check(folder, ["--dir", ".", "--skip", "edited"])).stdout).not.toContain("edited");
  });
});
