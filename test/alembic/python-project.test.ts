import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { temporaryFolder } from "../support/migrations-folder.ts";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";
import { graphOfAllKinds } from "./support/graph-of-all-kinds.ts";
import type { ProjectRevision } from "./support/project-revision.ts";
import {
  writePythonProject,
  writePythonRevisions,
  writeSqlRevisions,
  type IniOptions,
} from "./support/python-project.ts";
import { runWellhead } from "./support/wellhead.ts";

const twoHeads: readonly ProjectRevision[] = [
  { id: "first1" },
  { id: "left01", down: ["first1"] },
  { id: "right1", down: ["first1"] },
];

describe("where a Python project's revisions are", () => {
  test("--dir names the versions folder", async () => {
    const cwd = pythonProject(graphOfAllKinds);
    const { stdout, exitCode } = await runWellhead(["heads", "--dir", "alembic/versions"], cwd);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      "extra01 (extra) (effective head)\nindex03 (search) (head)\ntail02 (billing, users) (head)\nthird01 (head)\n",
    );
  });

  test("the alembic.ini of the folder says where", async () => {
    const cwd = pythonProject(twoHeads);
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("left01 (head)\nright1 (head)\n");
  });

  test("--dir names the folder that holds alembic.ini", async () => {
    const cwd = temporaryFolder();
    writePythonProject(join(cwd, "service"), twoHeads);
    expect((await runWellhead(["heads", "--dir", "service"], cwd)).stdout).toBe(
      "left01 (head)\nright1 (head)\n",
    );
  });

  test("--dir names the script location by mistake: the hint names the versions folder", async () => {
    const { stderr, exitCode } = await runWellhead(["heads", "--dir", "alembic"], pythonProject(twoHeads));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: alembic\/env\.py:1: /);
    expect(stderr).toContain("--dir alembic/versions");
  });

  test("several version_locations are one graph, in their order", async () => {
    const cwd = pythonProject(twoHeads, {
      version_locations: "%(here)s/more:alembic/versions",
      path_separator: ":",
    });
    writePythonRevisions(join(cwd, "more"), [{ id: "zzz001", down: ["left01", "right1"] }, { id: "more01" }]);
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("more01 (head)\nzzz001 (head)\n");
    expect((await runWellhead(["history", "-r", "first1:"], cwd)).stdout).toMatch(
      /^left01, right1 -> zzz001 \(head\) \(mergepoint\)/,
    );
  });

  test("a pyproject.toml says where", async () => {
    const cwd = pythonProject(twoHeads);
    rmSync(join(cwd, "alembic.ini"));
    writeFileSync(
      join(cwd, "pyproject.toml"),
      '[project]\nname = "service"\n\n[tool.alembic]\nscript_location = "%(here)s/alembic"\n',
    );
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("left01 (head)\nright1 (head)\n");
  });

  test("an alembic.ini that names a folder that is not there is refused with its name", async () => {
    const cwd = pythonProject(twoHeads, { script_location: "elsewhere" });
    const { stderr, exitCode } = await runWellhead(["heads"], cwd);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*alembic\.ini.*elsewhere.*\nhint: /);
  });

  test("--dir works whatever is wrong with the alembic.ini, as its hint says", async () => {
    const cwd = pythonProject(twoHeads, { script_location: "elsewhere" });
    const { stdout, exitCode } = await runWellhead(["heads", "--dir", "alembic/versions"], cwd);
    expect({ stdout, exitCode }).toEqual({ stdout: "left01 (head)\nright1 (head)\n", exitCode: 0 });
  });

  test("--dir finds the alembic.ini of another folder's project: new files are named as it says", async () => {
    const cwd = temporaryFolder();
    writePythonProject(join(cwd, "service"), [{ id: "first1" }], { file_template: "%%(slug)s_%%(rev)s" });
    const argv = ["revision", "--dir", "service/alembic/versions", "-m", "second", "--rev-id", "b1"];
    expect((await runWellhead(argv, cwd)).stdout).toBe("created service/alembic/versions/second_b1.py\n");
  });

  test("a configuration of Wellhead's own that names a folder comes first", async () => {
    const cwd = pythonProject(twoHeads);
    writeSqlRevisions(join(cwd, "sql"), [{ id: "own001" }]);
    writeFileSync(join(cwd, "wellhead.config.json"), '{ "migrations": "sql" }');
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("own001 (head)\n");
  });
});

describe("a new file in a Python project", () => {
  test("is Python, named as Alembic names it", async () => {
    const cwd = pythonProject(twoHeads);
    const created = await runWellhead(["merge", "-m", "Join both!", "--rev-id", "joined"], cwd);
    expect(created.stdout).toBe("created alembic/versions/joined_join_both.py\n");
    const text = readFileSync(join(cwd, "alembic", "versions", "joined_join_both.py"), "utf8");
    expect(text).toContain("Revises: left01, right1\n");
    expect(text).toMatch(/^down_revision: .* = \('left01', 'right1'\)$/m);
    await runWellhead(["revision", "--rev-id", "after1"], cwd);
    expect(readdirSync(join(cwd, "alembic", "versions"))).toContain("after1_.py");
    expect((await runWellhead(["history", "-r", "joined:"], cwd)).stdout).toBe(
      "joined -> after1 (head), empty message\nleft01, right1 -> joined (mergepoint), Join both!\n",
    );
  });

  test("is Python also where there is none yet", async () => {
    const cwd = pythonProject([]);
    const created = await runWellhead(["revision", "-m", "first", "--rev-id", "a1"], cwd);
    expect(created.stdout).toBe("created alembic/versions/a1_first.py\n");
  });

  test("goes where file_template says, from the version location, whatever folder its parent is in", async () => {
    const cwd = pythonProject([], {
      file_template: "%%(year)d/%%(rev)s_%%(slug)s",
      recursive_version_locations: "true",
    });
    const year = new Date().getUTCFullYear();
    await runWellhead(["revision", "-m", "one", "--rev-id", "a1"], cwd);
    const second = await runWellhead(["revision", "-m", "two", "--rev-id", "b1"], cwd);
    expect(second.stdout).toBe(`created alembic/versions/${year}/b1_two.py\n`);
    expect((await runWellhead(["heads"], cwd)).stdout).toBe("b1 (head)\n");
  });

  test("goes into its parent's version location", async () => {
    const cwd = pythonProject(twoHeads, { version_locations: "alembic/versions, more" });
    writePythonRevisions(join(cwd, "more"), [{ id: "more01", labels: ["more"] }]);
    const created = await runWellhead(["revision", "--head", "more@head", "--rev-id", "b1"], cwd);
    expect(created.stdout).toBe("created more/b1_.py\n");
  });

  test("is refused where its label is taken, and nothing is left behind", async () => {
    const cwd = pythonProject(graphOfAllKinds);
    const before = readdirSync(join(cwd, "alembic", "versions"));
    const argv = ["revision", "--head", "third01", "--branch-label", "users"];
    const { stderr, exitCode } = await runWellhead(argv, cwd);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*users.*\nhint: /);
    expect(readdirSync(join(cwd, "alembic", "versions"))).toEqual(before);
  });
});

describe("what is no revision in Python", () => {
  test.for([
    ["sets no revision", "x = 1\n", "E_REVISION_HEAD_MISSING"],
    ["computes its revision", 'revision = "a" + suffix\ndown_revision = None\n', "E_REVISION_HEAD"],
    ["sets no down_revision", 'revision = "a1"\n', "E_REVISION_HEAD"],
    ["has a string that never ends", 'revision = "a1\ndown_revision = None\n', "E_REVISION_HEAD"],
    ["names a parent that is not there", 'revision = "a1"\ndown_revision = "left02"\n', "E_MISSING_PARENT"],
    ["has an id that is taken", 'revision = "left01"\ndown_revision = None\n', "E_DUPLICATE_REVISION"],
  ])("a file that %s is named in the error", async ([, text, code]) => {
    const cwd = pythonProject(twoHeads);
    writeFileSync(join(cwd, "alembic", "versions", "zz_odd.py"), text ?? "");
    const { stdout, exitCode } = await runWellhead(["heads", "--json"], cwd);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code, message: expect.stringContaining("zz_odd.py"), hint: expect.any(String) },
    });
  });
});

describeOnPostgres("a Python project's database", (server) => {
  test("upgrade is refused with a hint, before anything runs", async () => {
    const { cwd, url, rows } = await onDatabase(pythonProject(twoHeads));
    for (const argv of [["upgrade"], ["upgrade", "left01", "--transaction", "each"]]) {
      const { stdout, stderr, exitCode } = await runWellhead(argv, cwd, url);
      expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
      expect(stderr).toMatch(
        /^error: first1 .*Python.*alembic\/versions\/first1\.py.*\nhint: .*alembic upgrade/,
      );
      expect(await rows("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
    }
    const { stdout } = await runWellhead(["upgrade", "--json"], cwd, url);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "E_PYTHON_REVISION", revision: "first1" } });
  });

  test("one Python revision among the pending ones is enough, wherever it stands", async () => {
    const cwd = temporaryFolder();
    writeSqlRevisions(cwd, [{ id: "first1" }, { id: "secnd1", down: ["first1"] }]);
    writePythonRevisions(cwd, [{ id: "third1", down: ["secnd1"] }]);
    const { url, rows } = await onDatabase(cwd);
    for (const transaction of ["all", "each"]) {
      const result = await runWellhead(["upgrade", "--dir", ".", "--transaction", transaction], cwd, url);
      expect(result.stderr).toMatch(/^error: third1 .*Python/);
      expect(await rows("SELECT 1 FROM pg_class WHERE relname LIKE 'of_%'")).toEqual([]);
    }
    expect((await runWellhead(["upgrade", "secnd1", "--dir", "."], cwd, url)).exitCode).toBe(0);
    expect(await rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "secnd1" }]);
  });

  test("where nothing is to be done upgrade says so; downgrade is refused", async () => {
    const { cwd, url } = await onDatabase(pythonProject(twoHeads));
    await runWellhead(["stamp", "heads"], cwd, url);
    expect(await runWellhead(["upgrade"], cwd, url)).toMatchObject({
      exitCode: 0,
      stdout: "Nothing to upgrade: the database stands at left01, right1.\n",
    });
    const down = await runWellhead(["downgrade", "base"], cwd, url);
    expect(down.stderr).toMatch(/^error: .*Python.*\nhint: .*alembic downgrade/);
    expect((await runWellhead(["current"], cwd, url)).stdout).toBe("left01 (head)\nright1 (head)\n");
  });

  test("stamp, current, history, graph and --plan work", async () => {
    const { cwd, url } = await onDatabase(pythonProject(graphOfAllKinds));
    const wellhead = async (...argv: string[]) => {
      const result = await runWellhead(argv, cwd, url);
      expect(result.stderr).toBe("");
      return result;
    };
    await wellhead("stamp", "index02", "third01");
    expect((await wellhead("current")).stdout).toBe("index02\nthird01 (head)\nusers02\n");
    expect((await wellhead("history", "-i", "-r", "base:search@head")).stdout.split("\n")[1]).toBe(
      "index01 (users02) -> index02 (search) (current), the index02",
    );
    const plan = (await wellhead("upgrade", "index03", "--plan", "--json")).json();
    expect(plan).toEqual({
      from: ["index02", "third01"],
      target: "index03",
      steps: [
        {
          direction: "upgrade",
          revision: "bills01",
          path: "alembic/versions/bills01.py",
          message: "the bills01",
          versionsAfter: ["bills01", "index02", "third01"],
        },
        {
          direction: "upgrade",
          revision: "index03",
          path: "alembic/versions/index03.py",
          message: "the index03",
          versionsAfter: ["index03", "third01"],
        },
      ],
    });
    const graph = (await wellhead("graph", "-i", "--format", "json")).json();
    expect(JSON.stringify(graph)).toContain("index02");
    expect((await wellhead("status", "--json")).json()).toMatchObject({ versions: ["index02", "third01"] });
  });

  test("current tells a database whose revisions are not here", async () => {
    const { cwd, url } = await onDatabase(pythonProject(graphOfAllKinds));
    await runWellhead(["stamp", "third01"], cwd, url);
    rmSync(join(cwd, "alembic", "versions", "third01.py"));
    const { stderr, exitCode } = await runWellhead(["current"], cwd, url);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*third01.*\nhint: /);
    const purged = await runWellhead(["stamp", "--purge", "heads"], cwd, url);
    expect(purged.exitCode).toBe(0);
  });

  async function onDatabase(cwd: string): Promise<{
    readonly cwd: string;
    readonly url: string;
    readonly rows: (sql: string) => Promise<unknown[]>;
  }> {
    const { url, close } = await createTestDatabase(server);
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => {
      await client.end();
      await close();
    });
    return { cwd, url, rows: async (sql) => (await client.query(sql)).rows };
  }
});

function pythonProject(revisions: readonly ProjectRevision[], ini?: IniOptions): string {
  const cwd = temporaryFolder();
  writePythonProject(cwd, revisions, ini);
  return cwd;
}
