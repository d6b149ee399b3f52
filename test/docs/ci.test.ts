// docs/ci.md: its examples are parsed, and what they run is run in a sample repository.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { temporaryFolder } from "../support/migrations-folder.ts";
import { gitRepository, sqlRevision as sql } from "../support/git-repository.ts";
import { runScript, standIns } from "../support/stand-ins.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/ci.md", import.meta.url)), "utf8");
const action: { inputs: Record<string, unknown> } = parse(
  readFileSync(fileURLToPath(new URL("../../action.yml", import.meta.url)), "utf8"),
);

interface GithubStep {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job of either of the two. */
interface Job {
  readonly steps?: readonly GithubStep[];
  readonly script?: readonly string[];
}

interface Example {
  readonly title: string;
  readonly job: Job;
}

const examples = examplesIn(page);

describe("docs/ci.md", () => {
  test("has examples for GitHub and GitLab", () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(examples.some(({ job }) => job.steps !== undefined)).toBe(true);
    expect(examples.some(({ job }) => job.script !== undefined)).toBe(true);
  });

  test("lists the inputs of the action, and uses none besides", () => {
    const listed = [...page.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    const used = examples
      .flatMap(({ job }) => job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("wellhead/") === true);
    expect(used.length).toBeGreaterThan(0);
    for (const step of used)
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
  });

  test.for(examples)("$title runs", ({ job }) => {
    const repository = gitRepository();
    repository.commit({
      "migrations/aa11.sql": sql("aa11", "", "CREATE TABLE t (id int);", "DROP TABLE t;"),
    });
    repository.branch("feature", {
      "migrations/bb22.sql": sql("bb22", "aa11", "ALTER TABLE t ADD b int;", "ALTER TABLE t DROP b;"),
    });
    repository.git("update-ref", "refs/remotes/origin/feature", "feature");
    const done = "exit 0\n";
    const commands = standIns({ npm: done, pip: done, curl: "echo '{}'\n", gh: "echo feature; echo mine\n" });
    const env = {
      GITHUB_WORKSPACE: repository.root,
      GITHUB_STEP_SUMMARY: join(temporaryFolder(), "summary"),
      GITHUB_BASE_REF: "main",
      GITHUB_HEAD_REF: "mine",
      WELLHEAD_TOKEN: "t",
    };
    const scripts = [
      ...(job.steps ?? []).flatMap(({ run }) => run ?? []),
      ...(job.script === undefined ? [] : [job.script.join("\n")]),
    ];
    for (const script of scripts) {
      const { exitCode, stdout, stderr } = runScript(script, { cwd: repository.root, commands, env });
      expect(exitCode, `${script}\n${stdout}${stderr}`).toBe(0);
      if (script.includes("--git")) expect(stdout).toContain("origin/feature (1 revision)");
    }
  });
});

/** The jobs of all examples, by the heading that they stand under. */
function examplesIn(markdown: string): readonly Example[] {
  let title = "";
  return [...markdown.matchAll(/^(#{2,3} .*)$|^```yaml\n([^]*?)^```$/gm)].flatMap(([, heading, yaml]) => {
    if (yaml === undefined) {
      title = heading ?? "";
      return [];
    }
    const document: Record<string, Job> & { jobs?: Record<string, Job> } = parse(yaml);
    return Object.entries(document.jobs ?? document).map(([name, job]) => ({
      title: `${title} (${name})`,
      job,
    }));
  });
}
