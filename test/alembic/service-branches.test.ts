// The case that Wellhead began with: a FastAPI service whose branches met in production.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { runCli } from "../../packages/wellhead/src/cli/run-cli.ts";
import { gitRepository, type GitRepository } from "../support/git-repository.ts";
import { describeWithAlembic, pathWithAlembic } from "./support/alembic.ts";
import { writePythonProject } from "./support/python-project.ts";

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function wellhead(cwd: string, argv: readonly string[], path = pathWithAlembic): Promise<Answer> {
  let [stdout, stderr] = ["", ""];
  process.chdir(cwd);
  const exitCode = await runCli(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { PATH: path },
    cwd,
  });
  return { exitCode, stdout, stderr };
}

function python(
  id: string,
  parent: string | undefined,
  upgrade: readonly string[],
  downgrade: readonly string[],
): string {
  const body = (lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join("");
  return `"""the ${id}

Revision ID: ${id}
Revises: ${parent ?? ""}
"""
from alembic import op
import sqlalchemy as sa

revision = '${id}'
down_revision = ${parent === undefined ? "None" : `'${parent}'`}
branch_labels = None
depends_on = None


def upgrade() -> None:
${body(upgrade)}

def downgrade() -> None:
${body(downgrade)}`;
}

const fullName = `op.add_column("user", sa.Column("full_name", sa.String(256), nullable=True))`;
const createdAt = `op.add_column("user", sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False))`;
const noFullName = `op.drop_column("user", "full_name")`;

/** The service, with one branch for each of the two revisions, and one that needs the first. */
function service(): GitRepository {
  const repository = gitRepository();
  writePythonProject(repository.root, []);
  const versions = (
    id: string,
    ...rest: Parameters<typeof python> extends [string, ...infer R] ? R : never
  ) => ({
    [`alembic/versions/${id}.py`]: python(id, ...rest),
  });
  const table = `op.create_table("user", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(256), nullable=False))`;
  repository.commit(versions("0001_init", undefined, [table], [`op.drop_table("user")`]));
  repository.branch("full-name", versions("a1b2c3d4fullnam3", "0001_init", [fullName], [noFullName]));
  repository.branch(
    "created-at",
    versions(
      "e3bffa2a4321",
      "0001_init",
      [fullName, createdAt],
      [`op.drop_column("user", "created_at")`, noFullName],
    ),
  );
  repository.branch(
    "index",
    versions(
      "c0ffee123456",
      "0001_init",
      [`op.create_index("ix_full_name", "user", ["full_name"])`],
      [`op.drop_index("ix_full_name")`],
    ),
  );
  return repository;
}

describeWithAlembic("a Python service whose branches meet", () => {
  test("each is fine alone, and together they are told to conflict, in the function that does", async () => {
    const { root, git } = service();
    const alone = await wellhead(root, ["prove", "--git", "full-name"]);
    expect(alone).toMatchObject({ exitCode: 0, stderr: "" });
    const together = await wellhead(root, ["prove", "--git", "full-name", "created-at", "--json"]);
    expect(together.exitCode).toBe(1);
    const document: unknown = JSON.parse(together.stdout);
    expect(document).toMatchObject({
      pairs: [
        {
          heads: ["a1b2c3d4fullnam3", "e3bffa2a4321"],
          verdict: "conflict",
          orders: [
            {
              ok: false,
              error: { path: "created-at:alembic/versions/e3bffa2a4321.py", line: 15, code: "42701" },
            },
            {
              ok: false,
              error: { path: "full-name:alembic/versions/a1b2c3d4fullnam3.py", line: 15, code: "42701" },
            },
          ],
        },
      ],
      landing: { kind: "none" },
    });
    expect(git("status", "--porcelain")).toBe("");
  });

  test("the branch that gives way gets a patch of its Python file, proved with it", async () => {
    const { root, git } = service();
    const result = await wellhead(root, ["prove", "--git", "index", "full-name", "--patch"]);
    expect(result.stderr).toContain("order  a1b2c3d4fullnam3 (full-name), then c0ffee123456 (index)\n");
    writeFileSync(join(root, ".git", "the.patch"), result.stdout);
    git("checkout", "--quiet", "index");
    git("apply", ".git/the.patch");
    const text = readFileSync(join(root, "alembic/versions/c0ffee123456.py"), "utf8");
    expect(text).toContain("\nRevises: a1b2c3d4fullnam3\n");
    expect(text).toContain("\ndown_revision = 'a1b2c3d4fullnam3'\n");
  });

  test("merged, the heads conflict, and neither can be put onto the other", async () => {
    const { root, git } = service();
    git("merge", "--quiet", "full-name", "created-at");
    const before = git("rev-parse", "HEAD");
    const rebase = await wellhead(root, ["rebase", "e3bf", "--onto", "a1b2", "--json"]);
    expect(JSON.parse(rebase.stdout)).toMatchObject({
      error: {
        code: "E_REBASE_FAILS",
        path: "alembic/versions/e3bffa2a4321.py",
        line: 15,
        sqlState: "42701",
      },
    });
    expect(git("status", "--porcelain") + git("rev-parse", "HEAD")).toBe(before);
    const unseen = await wellhead(root, ["prove", "--json"], "/nowhere");
    expect(unseen.exitCode).toBe(1);
    expect(JSON.parse(unseen.stdout)).toMatchObject({ error: { code: "E_ALEMBIC_MISSING" } });
    const moved = await wellhead(root, ["rebase", "e3bf", "--onto", "a1b2"], "/nowhere");
    expect(moved).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("not proved: What Python revisions run"),
    });
    expect(git("diff", "--stat")).toContain("alembic/versions/e3bffa2a4321.py | 4 ++--");
  });
});
