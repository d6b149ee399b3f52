import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { temporaryFolder } from "../support/migrations-folder.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";
import { writePythonRevisions, writeSqlRevisions } from "./support/python-project.ts";
import { runWellhead } from "./support/wellhead.ts";

// a1 (.py) ─┬─ b1 (.sql, label line) ─── m1 (.ts)
//           └─ c1 (.py) ────────────────┘
// d1 (.sql) depends on c1

describe("a folder with revisions in Python, SQL and TypeScript", () => {
  test("is one graph, in the order of the file names", async () => {
    const cwd = mixedFolder();
    const { stdout } = await runWellhead(["history"], cwd);
    expect(stdout).toBe(
      [
        "<base> (c1) -> d1 (head), the d1",
        "b1, c1 -> m1 (line) (head) (mergepoint), in TypeScript",
        "a1 -> b1 (line), the b1",
        "a1 -> c1, the c1",
        "<base> -> a1 (branchpoint), the a1",
        "",
      ].join("\n"),
    );
  });

  test("heads, branches, show and graph know all three", async () => {
    const cwd = mixedFolder();
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("d1 (head)\nm1 (line) (head)\n");
    expect((await runWellhead(["branches"], cwd)).stdout).toBe(
      "a1 (branchpoint)\n   -> b1 (line)\n   -> c1\n\n",
    );
    const shown = await runWellhead(["show", "line@head"], cwd);
    expect(shown.stdout).toContain("Merges: b1, c1\nBranch names: line\nPath: migrations/m1.ts\n");
    expect((await runWellhead(["graph"], cwd)).stdout).toMatch(/m1.*in TypeScript/);
  });

  test("merge writes Python where all its parents are, else SQL", async () => {
    const cwd = mixedFolder();
    const mixed = await runWellhead(["merge", "d1", "m1", "--rev-id", "x1"], cwd);
    expect(mixed.stdout).toBe("created migrations/x1_merge_heads.sql\n");
    writePythonRevisions(join(cwd, "migrations"), [
      { id: "e1", down: ["x1"] },
      { id: "f1", down: ["x1"] },
    ]);
    const python = await runWellhead(["merge", "--rev-id", "y1"], cwd);
    expect(python.stdout).toBe("created migrations/y1_merge_heads.py\n");
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("y1 (line) (head)\n");
  });

  test("revision writes SQL, or TypeScript on request", async () => {
    const cwd = mixedFolder();
    await runWellhead(["revision", "-m", "s", "--head", "d1", "--rev-id", "s1"], cwd);
    const typescript = ["revision", "-m", "t", "--head", "s1", "--rev-id", "t1", "--ts"];
    expect((await runWellhead(typescript, cwd)).stdout).toBe("created migrations/t1_t.ts\n");
    expect(readFileSync(join(cwd, "migrations", "t1_t.ts"), "utf8")).toMatch(/^\/\/ revision: t1\n/);
  });

  test("the same id in two languages is refused with both files", async () => {
    const cwd = mixedFolder();
    writeSqlRevisions(join(cwd, "migrations"), [{ id: "c1" }]);
    const { stdout, exitCode } = await runWellhead(["heads", "--json"], cwd);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "E_DUPLICATE_REVISION" } });
    expect(stdout).toMatch(/c1\.py.*c1\.sql|c1\.sql.*c1\.py/);
  });
});

describeOnPostgres("a mixed folder's database", (server) => {
  test("what Alembic has done is stamped, the rest is run", async () => {
    const cwd = mixedFolder();
    const { url, close } = await createTestDatabase(server);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => {
      await client.end();
      await close();
    });
    await client.query("CREATE TABLE of_a1 (id int PRIMARY KEY); CREATE TABLE of_c1 (id int PRIMARY KEY)");
    await client.query("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
    await client.query("INSERT INTO alembic_version VALUES ('c1')");

    const plan = await runWellhead(["upgrade", "--plan", "--json"], cwd, url);
    expect(plan.json()).toMatchObject({
      from: ["c1"],
      steps: [{ revision: "b1" }, { revision: "m1" }, { revision: "d1", versionsAfter: ["d1", "m1"] }],
    });
    expect(await runWellhead(["upgrade"], cwd, url)).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await runWellhead(["current"], cwd, url)).stdout).toBe("d1 (head)\nm1 (head) (mergepoint)\n");
    expect((await runWellhead(["downgrade", "b1"], cwd, url)).exitCode).toBe(0);
    expect((await runWellhead(["downgrade", "base"], cwd, url)).stderr).toMatch(/written in Python/);
  });
});

function mixedFolder(): string {
  const cwd = temporaryFolder();
  const folder = join(cwd, "migrations");
  writePythonRevisions(folder, [{ id: "a1" }, { id: "c1", down: ["a1"] }]);
  writeSqlRevisions(folder, [
    { id: "b1", down: ["a1"], labels: ["line"] },
    { id: "d1", dependsOn: ["c1"] },
  ]);
  writeFileSync(
    join(folder, "m1.ts"),
    [
      "// revision: m1",
      "// revises: b1, c1",
      "// message: in TypeScript",
      "",
      "export async function upgrade(db: { run(sql: string): Promise<void> }): Promise<void> {",
      '  await db.run("CREATE TABLE of_m1 (id int)");',
      "}",
      "",
      "export async function downgrade(db: { run(sql: string): Promise<void> }): Promise<void> {",
      '  await db.run("DROP TABLE of_m1");',
      "}",
      "",
    ].join("\n"),
  );
  return cwd;
}
