import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadMigrations, type Migrations } from "../../packages/wellhead/src/migrate/index.ts";
import { withAlembicSql, type AlembicSqlOptions } from "../../packages/wellhead/src/python/index.ts";
import { findAlembicProject } from "../../packages/wellhead/src/revisions/index.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { describeWithAlembic, pathWithAlembic } from "./support/alembic.ts";
import { graphOfAllKinds } from "./support/graph-of-all-kinds.ts";
import { upgradeSql, labelsOf } from "./support/project-revision.ts";
import { writePythonProject } from "./support/python-project.ts";

function project(folder: string): { migrations: Migrations; options: AlembicSqlOptions } {
  const found = findAlembicProject(folder);
  return {
    migrations: loadMigrations(found?.versionLocations ?? []),
    options: { project: found, env: { PATH: pathWithAlembic } },
  };
}

function revision(
  folder: string,
  id: string,
  parent: string | undefined,
  upgrade: string,
  downgrade = `op.execute("SELECT 'back'")`,
): void {
  const head = `revision = "${id}"\ndown_revision = ${parent === undefined ? "None" : `"${parent}"`}\n`;
  const text = `from alembic import op\nimport sqlalchemy as sa\n${head}\ndef upgrade():\n    ${upgrade}\n\ndef downgrade():\n    ${downgrade}\n`;
  writeFileSync(join(folder, "alembic", "versions", `${id}.py`), text);
}

describeWithAlembic("what Python revisions run", () => {
  test("is what Alembic writes, for every revision of a graph of all kinds", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, graphOfAllKinds);
    const { migrations, options } = project(folder);
    const told = await withAlembicSql(migrations, { ...options, downgrades: true });
    expect(told.unseen).toEqual(new Map());
    const labels = labelsOf(graphOfAllKinds);
    for (const each of graphOfAllKinds) {
      const sql = told.migrations.files.get(each.id)?.alembicSql;
      expect(sql?.upgrade.text.trim(), each.id).toBe(`${upgradeSql(each, labels)};`);
      expect(sql?.downgrade?.text.trim(), each.id).toBe(`DROP TABLE of_${each.id};;`);
    }
  });

  test("is not told of a revision that asks a database, and is of all others", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, []);
    revision(folder, "aa11", undefined, `op.create_table("t", sa.Column("id", sa.Integer))`);
    revision(folder, "bb22", "aa11", `print(op.get_bind().execute(sa.text("SELECT 1")).scalar())`);
    revision(folder, "cc33", "bb22", `op.execute("SELECT 'cc33'")`);
    revision(folder, "dd44", "aa11", `op.execute("SELECT 'dd44'")`);
    revision(folder, "ee55", "dd44", `raise RuntimeError("postgres://me:secret@host/db is gone")`);
    revision(folder, "ff66", "ee55", `op.execute("SELECT 'ff66'")`);
    const { migrations, options } = project(folder);
    const told = await withAlembicSql(migrations, options);
    const texts = [...told.migrations.files.values()].map(({ alembicSql }) =>
      alembicSql?.upgrade.text.trim(),
    );
    expect(texts.slice(1)).toEqual([
      undefined,
      "SELECT 'cc33';",
      "SELECT 'dd44';",
      undefined,
      "SELECT 'ff66';",
    ]);
    expect([...told.unseen.keys()]).toEqual(["bb22", "ee55"]);
    expect(told.unseen.get("bb22")).toMatchObject({ code: "E_ALEMBIC_SQL", line: 7, revision: "bb22" });
    expect(told.unseen.get("ee55")?.message).toContain("RuntimeError: postgres://me:***@host/db is gone");
  });

  test("has no downgrade where its function raises, and says why; what lies below has one", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, []);
    revision(folder, "aa11", undefined, `op.execute("SELECT 1")`);
    revision(folder, "bb22", "aa11", `pass`, `raise NotImplementedError("the names are gone")`);
    revision(folder, "cc33", "bb22", `op.execute("SELECT 3")`);
    const { migrations, options } = project(folder);
    const { files } = (await withAlembicSql(migrations, { ...options, downgrades: true })).migrations;
    expect(files.get("bb22")).toMatchObject({
      irreversible: "NotImplementedError: the names are gone",
      alembicSql: { upgrade: { text: "\n" }, downgrade: undefined },
    });
    for (const id of ["aa11", "cc33"])
      expect(files.get(id)).toMatchObject({ alembicSql: { downgrade: { text: "SELECT 'back';\n" } } });
  });

  test("leaves the transaction where the revision does, and begins in the line of its function", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, []);
    revision(
      folder,
      "aa11",
      undefined,
      `with op.get_context().autocommit_block():\n        op.execute("VACUUM")\n    op.execute("SELECT 1")`,
    );
    const { migrations, options } = project(folder);
    const file = (await withAlembicSql(migrations, options)).migrations.files.get("aa11");
    expect(file).toMatchObject({
      transaction: "none",
      alembicSql: { upgrade: { text: "VACUUM;\n\n\nSELECT 1;\n", line: 6, isWrittenElsewhere: true } },
    });
  });

  test("is told never to ask the project's database, and is not waited for without end", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, []);
    writeFileSync(
      join(folder, "alembic", "env.py"),
      `import os, time\nprint(os.environ["DATABASE_URL"])\nassert "prod" not in os.environ["DATABASE_URL"]\ntime.sleep(60)\n`,
    );
    revision(folder, "aa11", undefined, "pass");
    const { migrations, options } = project(folder);
    const env = { ...options.env, DATABASE_URL: "postgres://prod/db" };
    const told = await withAlembicSql(migrations, { ...options, env, timeLimitMs: 1_500 });
    expect(told.unseen.get("aa11")?.message).toContain("it took longer than 2 s");
  });

  test("is not known where env.py cannot be run, or writes for another database", async () => {
    const folder = temporaryFolder();
    writePythonProject(folder, []);
    revision(folder, "aa11", undefined, "pass");
    const { migrations, options } = project(folder);
    writeFileSync(join(folder, "alembic", "env.py"), "import nowhere.to_be_found\n");
    const broken = await withAlembicSql(migrations, options);
    expect(broken.unseen.get("aa11")?.message).toContain("ModuleNotFoundError: No module named 'nowhere'");
    writeFileSync(
      join(folder, "alembic", "env.py"),
      `import logging\nfrom alembic import context\nlogging.basicConfig(level=logging.INFO)\ncontext.configure(url="sqlite://")\ncontext.run_migrations()\n`,
    );
    const sqlite = await withAlembicSql(migrations, options);
    expect(sqlite.unseen.get("aa11")?.message).toContain("SQL for SQLite");
  });
});

test("without an Alembic it is not known, and said why", async () => {
  const folder = temporaryFolder();
  writePythonProject(folder, [{ id: "aa11" }]);
  const { migrations, options } = project(folder);
  const told = await withAlembicSql(migrations, { ...options, env: { PATH: "/nowhere" } });
  expect(told.unseen.get("aa11")).toMatchObject({ code: "E_ALEMBIC_MISSING" });
  expect(told.migrations).toBe(migrations);
});

test("the project's own virtual environment comes first", async () => {
  const folder = temporaryFolder();
  writePythonProject(folder, [{ id: "aa11" }]);
  mkdirSync(join(folder, ".venv", "bin"), { recursive: true });
  const script = join(folder, ".venv", "bin", "alembic");
  writeFileSync(script, `#!/bin/sh\necho "-- Running upgrade  -> aa11"\necho "SELECT '$*';"\n`);
  chmodSync(script, 0o755);
  const { migrations, options } = project(folder);
  const told = await withAlembicSql(migrations, { ...options, env: { PATH: "/usr/bin:/bin" } });
  expect(told.migrations.files.get("aa11")?.alembicSql?.upgrade.text).toBe(
    `SELECT '-c ${join(folder, "alembic.ini")} upgrade heads --sql';\n`,
  );
});
