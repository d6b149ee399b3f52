import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import {
  extractModules,
  findRepository,
  readBranch,
  unite,
  type UnitedRevisions,
} from "../../src/git/index.ts";
import { loadModuleRevision, readRevisions } from "../../src/revisions/index.ts";
import {
  gitRepository,
  runGit,
  sqlRevision as sql,
  type GitRepository,
} from "../../../../test/support/git-repository.ts";
import { temporaryFolder } from "../revisions/support/temporary-folder.ts";
import { thrown } from "../revisions/support/thrown.ts";

const base = { "m/aa11.sql": sql("aa11", "", "CREATE TABLE t (id int);") };

function united(
  { root }: Pick<GitRepository, "root">,
  refs: readonly string[],
  folders: readonly string[] = ["m"],
): UnitedRevisions {
  const repository = findRepository(root);
  const place = { folders, recursive: false };
  const branches = refs.map((ref) => readBranch(repository, ref, place));
  const files = readRevisions(
    folders.map((folder) => join(root, folder)),
    { cwd: root },
  );
  const modules = extractModules(repository, place);
  return unite(files, branches, { root, folders, moduleFile: modules.fileOf });
}

function seen({ revisions }: UnitedRevisions): unknown {
  return revisions.map(({ file, refs }) => [file.revision, file.path, ...refs]);
}

describe("the work tree united with branches", () => {
  test("has the files of all, each with the branches it comes from, in load order", () => {
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("one", { "m/cc33.sql": sql("cc33", "aa11", "SELECT 1;"), "m/notes.md": "none" });
    repository.branch("two", { "m/bb22.sql": sql("bb22", "aa11", "SELECT 2;"), "elsewhere/x.sql": "x" });
    repository.branch("three", { "m/cc33.sql": sql("cc33", "aa11", "SELECT 1;") }, "two");
    repository.write({ "m/dd44.sql": sql("dd44", "aa11", "SELECT 'not committed';") });
    const all = united(repository, ["one", "two", "three"]);
    expect(all.problems).toEqual([]);
    expect(seen(all)).toEqual([
      ["aa11", "m/aa11.sql"],
      ["bb22", "two:m/bb22.sql", "two", "three"],
      ["cc33", "one:m/cc33.sql", "one", "three"],
      ["dd44", "m/dd44.sql"],
    ]);
  });

  test("takes a branch that is behind for what it did, not for what it has not got", () => {
    const repository = gitRepository();
    repository.commit({ ...base, "m/old.sql": sql("old", "aa11", "SELECT 1;") });
    repository.branch("behind", { "m/bb22.sql": sql("bb22", "aa11", "SELECT 2;") });
    repository.git("rm", "--quiet", "m/old.sql");
    repository.commit({ "m/aa11.sql": sql("aa11", "", "CREATE TABLE changed (id int);") });
    repository.branch("deletes", { "m/bb22.sql": sql("bb22", "aa11", "SELECT 2;") }, "behind");
    const all = united(repository, ["behind", "deletes"]);
    expect(all.problems).toEqual([]);
    expect(seen(all)).toEqual([
      ["aa11", "m/aa11.sql"],
      ["bb22", "behind:m/bb22.sql", "behind", "deletes"],
    ]);
    repository.git("checkout", "--quiet", "-b", "drops", "main");
    repository.git("rm", "--quiet", "m/aa11.sql");
    repository.commit({});
    repository.git("checkout", "--quiet", "main");
    expect(seen(united(repository, ["drops"]))).toEqual([]);
  });

  test("finds the same revision with another text, in any file, and another revision in the same file", () => {
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("one", { "m/bb22.sql": sql("bb22", "aa11", "SELECT 1;") });
    repository.branch("two", { "m/bb22_again.sql": sql("bb22", "aa11", "SELECT 2;") });
    repository.branch("three", { "m/aa11.sql": sql("aa11", "", "CREATE TABLE other (id int);") });
    repository.branch("four", { "m/bb22.sql": sql("cc33", "aa11", "SELECT 1;") });
    const all = united(repository, ["one", "two", "three", "four"]);
    expect(all.problems).toMatchObject([
      { code: "E_GIT_DIFFERENT_REVISION", revisions: ["bb22"], refs: ["one", "two"] },
      { code: "E_GIT_DIFFERENT_REVISION", revisions: ["aa11"], refs: ["three"] },
      { code: "E_GIT_DIFFERENT_REVISION", revisions: ["bb22", "cc33"], refs: ["one", "four"] },
    ]);
    expect(seen(all)).toEqual([
      ["aa11", "m/aa11.sql"],
      ["bb22", "one:m/bb22.sql", "one"],
    ]);
  });

  test("line ends and byte order marks make no other text", () => {
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("one", { "m/bb22.sql": sql("bb22", "aa11", "SELECT 1;") });
    repository.branch("two", {
      "m/bb22.sql": `\uFEFF${sql("bb22", "aa11", "SELECT 1;").replaceAll("\n", "\r\n")}`,
    });
    expect(united(repository, ["one", "two"]).problems).toEqual([]);
  });

  test("says with its branch what is no revision", () => {
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("one", { "m/bb22.sql": "-- revision: b b\n-- revises: aa11\n\n-- upgrade\n" });
    const [problem] = united(repository, ["one"]).problems;
    expect(problem).toMatchObject({ code: "E_REVISION_HEAD", path: "one:m/bb22.sql", line: 1 });
  });

  test("loads a module of a branch, with what it imports beside it", async () => {
    const repository = gitRepository();
    repository.commit({ ...base, "m/helper.ts": 'export const name: string = "old";\n' });
    repository.branch("one", {
      "m/helper.ts": 'export const name: string = "of the branch";\n',
      "m/bb22.ts":
        '// revision: bb22\n// revises: aa11\n\nimport { name } from "./helper.ts";\nexport async function upgrade(db: { run(sql: string): Promise<void> }): Promise<void> {\n  await db.run(name);\n}\n',
    });
    const place = { folders: ["m"], recursive: false };
    const found = findRepository(repository.root);
    const modules = extractModules(found, place);
    try {
      const all = unite(readRevisions([join(repository.root, "m")]), [readBranch(found, "one", place)], {
        root: repository.root,
        folders: ["m"],
        moduleFile: modules.fileOf,
      });
      const file = all.revisions.find((each) => each.file.revision === "bb22")?.file;
      const module = await loadModuleRevision(file ?? { file: "", path: "" });
      const ran: string[] = [];
      await module.upgrade({
        run: async (text) => void ran.push(text),
        query: async () => [],
        batches: noBatches,
      });
      expect(ran).toEqual(["of the branch"]);
    } finally {
      modules.remove();
    }
  });

  test("works from several folders and from the top of the repository", () => {
    const repository = gitRepository();
    repository.commit({
      "aa11.sql": sql("aa11", "", "SELECT 1;"),
      "b/bb22.sql": sql("bb22", "aa11", "SELECT 1;"),
    });
    repository.branch("one", {
      "cc33.sql": sql("cc33", "aa11", "SELECT 1;"),
      "b/dd44.sql": sql("dd44", "bb22", ""),
    });
    const inB = [
      ["bb22", "b/bb22.sql"],
      ["dd44", "one:b/dd44.sql", "one"],
    ];
    const atTop = [
      ["aa11", "aa11.sql"],
      ["cc33", "one:./cc33.sql", "one"],
    ];
    expect(seen(united(repository, ["one"], ["b", ""]))).toEqual([...inB, ...atTop]);
    expect(seen(united(repository, ["one"], ["", "b"]))).toEqual([...atTop, ...inB]);
  });
});

async function* noBatches(): AsyncGenerator<never[]> {}

describe("what git cannot tell is an error with a way out", () => {
  test("no repository, an unknown ref, a shallow clone", () => {
    const outside = temporaryFolder();
    expect(thrown(() => findRepository(outside)).code).toBe("E_GIT_NO_REPOSITORY");
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("feature", { "m/bb22.sql": sql("bb22", "aa11", "") });
    const unknown = thrown(() =>
      readBranch(findRepository(repository.root), "faeture", { folders: ["m"], recursive: false }),
    );
    expect(unknown).toMatchObject({
      code: "E_GIT_UNKNOWN_REF",
      hint: expect.stringContaining("did you mean feature?"),
    });
    runGit(outside, ["clone", "--quiet", "--depth", "1", `file://${repository.root}`, "shallow"]);
    const shallow = findRepository(join(outside, "shallow"));
    expect(shallow.isShallow).toBe(true);
    expect(thrown(() => readBranch(shallow, "feature", { folders: ["m"], recursive: false }))).toMatchObject({
      code: "E_GIT_UNKNOWN_REF",
      hint: expect.stringContaining("fetch-depth: 0"),
    });
    const option = thrown(() =>
      readBranch(findRepository(repository.root), "--help", { folders: ["m"], recursive: false }),
    );
    expect(option.code).toBe("E_GIT_UNKNOWN_REF");
  });

  test("a content that the clone has not got", () => {
    const repository = gitRepository();
    repository.commit(base);
    repository.branch("feature", { "m/bb22.sql": sql("bb22", "aa11", "") });
    const blob = repository.git("rev-parse", "feature:m/bb22.sql").trim();
    rmSync(join(repository.root, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
    const error = thrown(() => united(repository, ["feature"]));
    expect(error).toMatchObject({ code: "E_GIT_FAILED", message: expect.stringContaining(blob) });
  });

  test("no git on the PATH", () => {
    const before = process.env["PATH"];
    process.env["PATH"] = temporaryFolder();
    try {
      expect(thrown(() => findRepository(temporaryFolder())).code).toBe("E_GIT_MISSING");
    } finally {
      process.env["PATH"] = before;
    }
  });
});
