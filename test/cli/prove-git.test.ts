// A merge queue: the work tree and branches over it, as git has them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { runWellhead, type WellheadAnswer } from "../alembic/support/wellhead.ts";
import { gitRepository, sqlRevision as sql, type GitRepository } from "../support/git-repository.ts";

//        ┌ bb22                  one: makes the table `orders`
// aa11 ──┼ cc33 ── cc34          two: an index on `orders`, which it has not got
//        └ dd44                  three: has nothing to do with either
function queue(): GitRepository {
  const repository = gitRepository();
  repository.commit({
    "wellhead.config.json": '{"migrations": "app/m"}',
    "app/m/aa11.sql": sql(
      "aa11",
      "",
      "CREATE TABLE users (id int PRIMARY KEY, name text);",
      "DROP TABLE users;",
    ),
  });
  repository.branch("one", {
    "app/m/bb22.sql": sql("bb22", "aa11", "CREATE TABLE orders (id int PRIMARY KEY);", "DROP TABLE orders;"),
  });
  repository.branch("two", {
    "app/m/cc33.sql": sql(
      "cc33",
      "aa11",
      "ALTER TABLE users ADD total int;",
      "ALTER TABLE users DROP total;",
    ),
    "app/m/cc34.sql": sql(
      "cc34",
      "cc33",
      "CREATE INDEX orders_by_id ON orders (id);",
      "DROP INDEX orders_by_id;",
    ),
  });
  repository.branch("three", {
    "app/m/dd44.sql": sql("dd44", "aa11", "CREATE TABLE tags (id int);", "DROP TABLE tags;"),
  });
  return repository;
}

async function wellhead({ root }: GitRepository, ...argv: string[]): Promise<WellheadAnswer> {
  return await runWellhead(argv, root);
}

describe("wellhead prove --git, on a queue of three branches", { timeout: 60_000 }, () => {
  test("tells the pairs that clash and the order that works; its patch mends the branch that gives way", async () => {
    const repository = queue();
    const result = await wellhead(repository, "prove", "--git", "two", "one", "--git", "three", "--json");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      pairs: [
        {
          heads: ["bb22", "cc34"],
          verdict: "conflict",
          orders: [
            { ok: true },
            { ok: false, error: { path: "two:app/m/cc34.sql", line: 6, code: "42P01" } },
          ],
        },
        { heads: ["bb22", "dd44"], verdict: "commute" },
        { heads: ["cc34", "dd44"], verdict: "conflict" },
      ],
      branches: [
        { ref: "two", revisions: ["cc33", "cc34"] },
        { ref: "one", revisions: ["bb22"] },
        { ref: "three", revisions: ["dd44"] },
      ],
      problems: [],
      landing: {
        kind: "order",
        order: [
          { head: "bb22", ref: "one" },
          { head: "cc34", ref: "two" },
          { head: "dd44", ref: "three" },
        ],
        moves: [{ revision: "cc33", ref: "two", path: "app/m/cc33.sql", from: ["aa11"], to: ["bb22"] }],
      },
    });
    expect(repository.git("status", "--porcelain")).toBe("");
    const { landing } = result.json() as { landing: { patch: string } };
    writeFileSync(join(repository.root, ".git", "the.patch"), landing.patch);
    repository.git("checkout", "--quiet", "two");
    repository.git("apply", ".git/the.patch");
    repository.git("commit", "--quiet", "--all", "--message", "give way");
    repository.git("checkout", "--quiet", "main");
    const argv = ["check", "--git", "two", "one", "three", "--skip", "edited", "--patch", "x.patch"];
    const mended = await wellhead(repository, ...argv);
    expect(mended.stdout).toContain("three (1 revision); they can land in any order\n");
    expect(mended.stderr).toContain("there is no patch to make");
    expect(existsSync(join(repository.root, "x.patch"))).toBe(false);
    expect(mended.exitCode).toBe(0);
  });

  test("the patch alone stands on standard output, everything else on standard error", async () => {
    const repository = queue();
    const result = await wellhead(repository, "prove", "--git", "two", "one", "--patch");
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(
      /^diff --git a\/app\/m\/cc33\.sql b\/app\/m\/cc33\.sql\n[^]*\n\+-- revises: bb22\n/,
    );
    expect(result.stderr).toContain("conflict        bb22 and cc34");
    expect(result.stderr).toContain("order  bb22 (one), then cc34 (two)\n");
    expect(result.stderr).toContain("on two: cc33 has to revise bb22 (now: aa11), app/m/cc33.sql\n");
  });

  test("check finds it too, and writes the patch into a file", async () => {
    const repository = queue();
    const argv = ["check", "--only", "branches", "--git", "one", "two", "--patch", "two.patch", "--json"];
    const result = await wellhead(repository, ...argv);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      sections: [
        { name: "branches", ok: false, findings: [{ code: "E_BRANCHES_CLASH", path: "two:app/m/cc33.sql" }] },
      ],
    });
    expect(readFileSync(join(repository.root, "two.patch"), "utf8")).toContain("+-- revises: bb22\n");
  });

  test("a branch that gives way to the work tree, and two that make the same", async () => {
    const repository = queue();
    repository.commit({
      "app/m/ee55.sql": sql(
        "ee55",
        "aa11",
        "ALTER TABLE users ADD full_name text;",
        "ALTER TABLE users DROP full_name;",
      ),
    });
    const name = "ALTER TABLE users ADD full_name text; UPDATE users SET full_name = name;";
    repository.branch("same", { "app/m/ff66.sql": sql("ff66", "aa11", name, "") });
    repository.branch("after", {
      "app/m/gg77.sql": sql("gg77", "aa11", "CREATE INDEX ON users (full_name);", ""),
    });
    const both = await wellhead(repository, "prove", "--git", "same", "--json");
    expect(both.json()).toMatchObject({
      landing: {
        kind: "none",
        heads: [
          { head: "ee55", ref: null },
          { head: "ff66", ref: "same" },
        ],
      },
    });
    const behind = await wellhead(repository, "prove", "--git", "after", "--json");
    expect(behind.json()).toMatchObject({
      landing: { kind: "order", moves: [{ revision: "gg77", ref: "after", from: ["aa11"], to: ["ee55"] }] },
    });
  });

  test("a branch that runs in no order is told, and --patch without --git is wrong usage", async () => {
    const repository = queue();
    const alone = await wellhead(repository, "prove", "--git", "two");
    expect(alone.exitCode).toBe(1);
    expect(alone.stdout).toContain(
      'order  cc34 (two) runs in none: two:app/m/cc34.sql:6: relation "orders" does not exist (42P01)\n',
    );
    expect(await wellhead(repository, "prove", "--patch")).toMatchObject({ exitCode: 2 });
  });
});
