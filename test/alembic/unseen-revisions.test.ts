// Revisions of which Alembic writes no SQL, because they ask the database that they run in.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { gitRepository } from "../support/git-repository.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { describeWithAlembic, pathWithAlembic } from "./support/alembic.ts";
import { writePythonProject } from "./support/python-project.ts";
import { runWellhead, type WellheadAnswer } from "./support/wellhead.ts";

// Each asks Alembic many times.
vi.setConfig({ testTimeout: 120_000 });

interface PythonRevision {
  readonly id: string;
  readonly down?: string;
  readonly upgrade: string;
  readonly downgrade?: string;
  /** Lines above the functions. */
  readonly remarks?: readonly string[];
}

function python({ id, down, upgrade, downgrade = "pass", remarks = [] }: PythonRevision): string {
  return `"""the ${id}"""
from alembic import op
import sqlalchemy as sa

revision = "${id}"
down_revision = ${down === undefined ? "None" : `"${down}"`}
${remarks.map((line) => `${line}\n`).join("")}
def upgrade():
    ${upgrade}

def downgrade():
    ${downgrade}
`;
}

function project(...revisions: readonly PythonRevision[]): string {
  const folder = temporaryFolder();
  writePythonProject(folder, []);
  for (const revision of revisions)
    writeFileSync(join(folder, "alembic", "versions", `${revision.id}.py`), python(revision));
  return folder;
}

async function wellhead(cwd: string, ...argv: readonly string[]): Promise<WellheadAnswer> {
  return await runWellhead(argv, cwd, undefined, { PATH: pathWithAlembic });
}

const table = {
  id: "aa11",
  upgrade: `op.execute("CREATE TABLE t (id int PRIMARY KEY, n int)")`,
  downgrade: `op.execute("DROP TABLE t")`,
};
const asking = `print(op.get_bind().execute(sa.text("SELECT 1")).scalar())`;

describeWithAlembic("a Python revision that asks the database", () => {
  //               ┌ cc33                  adds a column
  // aa11 ── bb22 ─┼ dd44                  adds the same
  //   │           └ ee55 ── ee56          another column; it asks too
  //   └── ff66                            an index
  const revisions: readonly PythonRevision[] = [
    table,
    { id: "bb22", down: "aa11", upgrade: asking },
    { id: "cc33", down: "bb22", upgrade: `op.execute("ALTER TABLE t ADD x int")` },
    { id: "dd44", down: "bb22", upgrade: `op.execute("ALTER TABLE t ADD x int")` },
    { id: "ee55", down: "bb22", upgrade: `op.execute("ALTER TABLE t ADD y int")` },
    { id: "ee56", down: "ee55", upgrade: asking },
    { id: "ff66", down: "aa11", upgrade: `op.execute("CREATE INDEX ON t (n)")` },
  ];

  test("is left out of the proof, which goes on with the others and says what it has not seen", async () => {
    const folder = project(...revisions);
    const result = await wellhead(folder, "prove", "--json");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      pairs: [{ heads: ["cc33", "dd44"], verdict: "conflict" }],
      unproved: [
        { heads: ["cc33", "ee56"], unseen: ["ee56"] },
        { heads: ["cc33", "ff66"], unseen: ["bb22"] },
        { heads: ["dd44", "ee56"], unseen: ["ee56"] },
        { heads: ["dd44", "ff66"], unseen: ["bb22"] },
        { heads: ["ee56", "ff66"], unseen: ["bb22", "ee56"] },
      ],
      leftOut: ["bb22"],
      unseen: [
        { revision: "bb22", path: "alembic/versions/bb22.py", line: 9, code: "E_ALEMBIC_SQL" },
        { revision: "ee56", path: "alembic/versions/ee56.py", line: 9, code: "E_ALEMBIC_SQL" },
      ],
    });
    const { roundTrips } = result.json() as { roundTrips: { revision: string }[] };
    expect(roundTrips.map(({ revision }) => revision)).toEqual(["aa11", "ff66", "ee55", "dd44"]);
  });

  test("is told to people with its place, and does not hold up a merge, in whose proof it is named", async () => {
    const folder = project(...revisions.filter(({ id }) => ["aa11", "bb22", "cc33", "ee55"].includes(id)));
    const proved = await wellhead(folder, "prove");
    expect(proved.exitCode).toBe(1);
    expect(proved.stdout).toMatch(
      /not seen +Alembic does not write the SQL of bb22 \(alembic\/versions\/bb22\.py:9\): .+\n {2}hint: /,
    );
    const merged = await wellhead(folder, "merge", "--rev-id", "mm99");
    expect(merged).toMatchObject({ exitCode: 0 });
    expect(merged.stdout + merged.stderr).toContain("proved: commute: cc33, ee55, without bb22");
  });

  test("is not blamed on what needs it: that is left out too", async () => {
    const folder = project(
      table,
      { id: "bb22", down: "aa11", upgrade: `${asking}; op.execute("ALTER TABLE t ADD late int")` },
      { id: "cc33", down: "bb22", upgrade: `op.execute("CREATE INDEX ON t (late)")` },
      { id: "dd44", down: "cc33", upgrade: `op.execute("ALTER TABLE t ADD x int")` },
      { id: "ee55", down: "cc33", upgrade: `op.execute("ALTER TABLE t ADD y int")` },
    );
    const result = await wellhead(folder, "prove", "--json");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      pairs: [],
      unproved: [{ heads: ["dd44", "ee55"], unseen: ["bb22"] }],
      roundTrips: [{ revision: "aa11" }],
      rows: [{ revision: "aa11", ok: true }],
      unseen: [{ revision: "bb22" }],
    });
    // What can only be seen where a database is, is no fault of the revisions.
    const checked = await wellhead(folder, "check", "--only", "commute", "--only", "rows");
    expect(checked).toMatchObject({ exitCode: 0 });
    expect(checked.stdout).toContain("note: not proved: dd44 and ee55: it is not known what bb22 runs");
  });
});

describeWithAlembic("a Python revision's comments", () => {
  test("allow a lock and say that there is no way back, as those of a revision in SQL do", async () => {
    const folder = project(table, {
      id: "bb22",
      down: "aa11",
      upgrade: `op.execute("ALTER TABLE t DROP n")`,
      remarks: [
        "# allow: access exclusive on t, because it is small",
        "# irreversible: the numbers are gone",
      ],
    });
    const locks = await wellhead(
      folder,
      "check",
      "--only",
      "locks",
      "--max-lock",
      "share",
      "--since",
      "aa11",
    );
    expect(locks).toMatchObject({ exitCode: 0 });
    expect(locks.stdout).toContain("Allowed: it is small");
    const proved = await wellhead(folder, "prove", "--json");
    expect(proved.json()).toMatchObject({
      roundTrips: [{ revision: "aa11" }, { revision: "bb22", irreversible: "the numbers are gone" }],
    });
    expect(proved.exitCode).toBe(0);
  });
});

describeWithAlembic("a Python project whose Alembic is configured in pyproject.toml alone", () => {
  const toml = `[project]\nname = "shop"\n\n[tool.alembic]\nscript_location = "%(here)s/alembic"\nprepend_sys_path = ["."]\n`;

  test("has its revisions proved, those of other branches too", async () => {
    const repository = gitRepository();
    const { root } = repository;
    writePythonProject(root, []);
    rmSync(join(root, "alembic.ini"));
    writeFileSync(join(root, "names.py"), `TABLE = "t"\n`);
    // What it imports is found beside the pyproject.toml, and it configures the loggers as Alembic's template does.
    const env = join(root, "alembic", "env.py");
    writeFileSync(
      env,
      `import names\nfrom logging.config import fileConfig\nfrom alembic import context as c\nfileConfig(c.config.config_file_name)\n${readFileSync(env, "utf8")}`,
    );
    repository.commit({ "pyproject.toml": toml, "alembic/versions/aa11.py": python(table) });
    const add = { down: "aa11", upgrade: `op.execute("ALTER TABLE t ADD x int")` };
    repository.branch("one", { "alembic/versions/bb22.py": python({ id: "bb22", ...add }) });
    repository.branch("two", { "alembic/versions/cc33.py": python({ id: "cc33", ...add }) });
    const own = await wellhead(root, "prove");
    expect(own).toMatchObject({ exitCode: 0, stderr: "" });
    const both = await wellhead(root, "check", "--git", "one", "--git", "two", "--format", "json");
    expect(both.exitCode).toBe(1);
    expect(both.stdout).toContain("E_HEADS_CONFLICT");
    expect(both.stdout).toContain("two:alembic/versions/cc33.py");
  });
});
