import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { runWellhead, type WellheadAnswer } from "../alembic/support/wellhead.ts";
import { gitRepository, sqlRevision as sql, type GitRepository } from "../support/git-repository.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";

const base = {
  "wellhead.config.json": '{"migrations": "db/m"}',
  "db/m/aa11.sql": sql("aa11", "", "CREATE TABLE t (id int);", "DROP TABLE t;"),
};

function project(): GitRepository {
  const repository = gitRepository();
  repository.commit(base);
  return repository;
}

async function check({ root }: GitRepository, ...argv: string[]): Promise<WellheadAnswer> {
  return await runWellhead(["check", "--only", "branches", "--only", "graph", ...argv], root);
}

describe("wellhead check --git", { timeout: 60_000 }, () => {
  test("looks at the revisions of all branches, from any folder, and leaves the checkout alone", async () => {
    const repository = project();
    repository.branch("one", { "db/m/bb22.sql": sql("bb22", "aa11", "ALTER TABLE t ADD b int;") });
    repository.branch("two", { "db/m/cc33.sql": sql("cc33", "aa11", "ALTER TABLE t ADD c int;") });
    repository.branch("three", { "README.md": "three" });
    mkdirSync(join(repository.root, "db", "deep"));
    const argv = ["check", "--only", "branches", "--only", "graph", "--git", "one", "two", "--git", "three"];
    const { stdout, exitCode } = await runWellhead(argv, join(repository.root, "db", "deep"));
    expect(stdout).toBe(
      "ok       branches: the work tree with one (1 revision), two (1 revision), three (nothing new); they can land in any order\n" +
        "ok       graph: 3 revisions, 2 heads: bb22, cc33\n",
    );
    expect(exitCode).toBe(0);
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  test("finds what a merge would stumble over, and what is wrong with the graph of all", async () => {
    const repository = project();
    repository.branch("one", { "db/m/bb22.sql": sql("bb22", "aa11", "ALTER TABLE t ADD b int;") });
    repository.branch("two", { "db/m/bb22_b.sql": sql("bb22", "aa11", "ALTER TABLE t ADD b text;") });
    repository.branch("three", { "db/m/cc33.sql": sql("cc33", "dd44", "SELECT 1;") });
    const both = await check(repository, "--git", "one", "two", "--json");
    expect(both.exitCode).toBe(1);
    expect(both.json()).toMatchObject({
      sections: [
        {
          name: "branches",
          ok: false,
          findings: [{ code: "E_GIT_DIFFERENT_REVISION", path: "two:db/m/bb22_b.sql" }],
        },
        { name: "graph", ok: true },
      ],
    });
    expect((await check(repository, "--git", "three", "--json")).json()).toMatchObject({
      sections: [{ ok: true }, { findings: [{ code: "E_MISSING_PARENT", path: "three:db/m/cc33.sql" }] }],
    });
    const annotated = await check(repository, "--git", "three", "--format", "github");
    expect(annotated.stdout).toMatch(
      /^::error file=db\/m\/cc33\.sql,title=wellhead graph%3A E_MISSING_PARENT::/m,
    );
  });

  test("says what keeps it from reading branches", async () => {
    const repository = project();
    const unknown = await check(repository, "--git", "nowhere", "--json");
    expect(unknown).toMatchObject({ exitCode: 1 });
    expect(unknown.json()).toMatchObject({ error: { code: "E_GIT_UNKNOWN_REF", ref: "nowhere" } });
    const outside = temporaryFolder();
    mkdirSync(join(outside, "migrations"));
    expect((await runWellhead(["check", "--git", "main", "--json"], outside)).json()).toMatchObject({
      error: { code: "E_GIT_NO_REPOSITORY" },
    });
    const config = JSON.stringify({ migrations: ["db/m", join(outside, "migrations")] });
    writeFileSync(join(repository.root, "wellhead.config.json"), config);
    expect((await check(repository, "--git", "main", "--json")).json()).toMatchObject({
      error: { code: "E_GIT_OUTSIDE" },
    });
  });
});
