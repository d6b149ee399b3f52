import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findAlembicProject } from "../../src/revisions/index.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { thrown } from "./support/thrown.ts";

const env = { "alembic/env.py": "" };

test("a folder without Alembic's configuration is no project", () => {
  expect(findAlembicProject(temporaryFolder())).toBeUndefined();
  expect(
    findAlembicProject(temporaryFolder({ "pyproject.toml": "[tool.poetry]\nname = 'x'\n" })),
  ).toBeUndefined();
  expect(findAlembicProject(temporaryFolder({ "alembic.ini": "[loggers]\nkeys = root\n" }))).toBeUndefined();
});

describe("an alembic.ini", () => {
  test("names the script location; all else has Alembic's defaults", () => {
    const folder = temporaryFolder({
      ...env,
      "alembic.ini": `# A generic, single database configuration.

[alembic]
# path to migration scripts.
script_location = %(here)s/alembic

# file_template = %%(year)d-%%(rev)s
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname

[loggers]
keys = root
`,
    });
    expect(findAlembicProject(folder)).toEqual({
      configFile: join(folder, "alembic.ini"),
      searchPath: [folder],
      scriptLocation: join(folder, "alembic"),
      versionLocations: [join(folder, "alembic", "versions")],
      recursive: false,
      fileTemplate: "%(rev)s_%(slug)s",
      slugLength: 40,
      timezone: undefined,
    });
  });

  test("says the rest by the rules of configparser", () => {
    const folder = temporaryFolder({
      ...env,
      "alembic.ini": `[DEFAULT]
root = alembic
[alembic]
; a comment
Script_Location: %(ROOT)s
version_locations =
    %(here)s/one

    # not this one
    %(here)s/two words
path_separator=newline
recursive_version_locations = True
file_template = %%(year)d_%%(rev)s_%%(slug)s
truncate_slug_length = 20
timezone = UTC
`,
    });
    expect(findAlembicProject(folder)).toMatchObject({
      versionLocations: [join(folder, "one"), join(folder, "two words")],
      recursive: true,
      fileTemplate: "%(year)d_%(rev)s_%(slug)s",
      slugLength: 20,
      timezone: "UTC",
    });
  });

  test.each([
    ["", "one two, three", ["one", "two", "three"]],
    ["path_separator = space", "one two", ["one", "two"]],
    ["path_separator = :", "one:two words", ["one", "two words"]],
    ["path_separator = ;", "one;two", ["one", "two"]],
    ["version_path_separator = ;", "one;two", ["one", "two"]],
    ["version_path_separator = :\npath_separator = ;", "one;two", ["one", "two"]],
  ])("with %j splits %j", (separator, locations, expected) => {
    const folder = temporaryFolder({
      ...env,
      "alembic.ini": `[alembic]\nscript_location = alembic\nversion_locations = ${locations}\n${separator}\n`,
    });
    expect(findAlembicProject(folder)?.versionLocations).toEqual(expected.map((name) => join(folder, name)));
  });

  test("may name another section", () => {
    const folder = temporaryFolder({
      ...env,
      "alembic.ini": "[alembic]\n[other]\nscript_location = alembic\n",
    });
    expect(findAlembicProject(folder, "other")?.scriptLocation).toBe(join(folder, "alembic"));
  });

  test("may name a folder of a package", () => {
    const folder = temporaryFolder({
      "src/app/db/migrations/env.py": "",
      "alembic.ini": "[alembic]\nscript_location = app.db:migrations\nprepend_sys_path = . src\n",
    });
    expect(findAlembicProject(folder)?.scriptLocation).toBe(join(folder, "src", "app", "db", "migrations"));
  });

  test.each([
    ["no script_location", "[alembic]\n", "names no script_location"],
    ["one that is not there", "[alembic]\nscript_location = nowhere\n", "is not there: nowhere"],
    [
      "an unknown separator",
      "[alembic]\nscript_location = alembic\npath_separator = tab\nversion_locations = a\n",
      "`path_separator = tab`",
    ],
  ])("with %s is refused", (_, ini, words) => {
    const folder = temporaryFolder({ ...env, "alembic.ini": ini });
    const error = thrown(() => findAlembicProject(folder));
    expect(error).toMatchObject({ code: "E_ALEMBIC_CONFIG", path: join(folder, "alembic.ini") });
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
  });
});

describe("a pyproject.toml", () => {
  const pyproject = `[project]
name = "app"

[tool.alembic] # here
script_location = "%(here)s/alembic"
version_locations = [
  "%(here)s/one", # the first
  '%(here)s/two',
]
file_template = "%%(rev)s"
truncate_slug_length = 1_0
recursive_version_locations = true
timezone = ''
hooks = { a = 1 }

[[tool.alembic.post_write_hooks]]
script_location = "no"
`;

  test("says the same in TOML", () => {
    const folder = temporaryFolder({ ...env, "pyproject.toml": pyproject });
    expect(findAlembicProject(folder)).toEqual({
      configFile: join(folder, "pyproject.toml"),
      searchPath: [],
      scriptLocation: join(folder, "alembic"),
      versionLocations: [join(folder, "one"), join(folder, "two")],
      recursive: true,
      fileTemplate: "%(rev)s",
      slugLength: 10,
      timezone: undefined,
    });
  });

  test("fills what an alembic.ini leaves open", () => {
    const folder = temporaryFolder({
      ...env,
      "pyproject.toml": pyproject,
      "alembic.ini": "[alembic]\nfile_template = %%(slug)s\n",
    });
    expect(findAlembicProject(folder)).toMatchObject({
      configFile: join(folder, "alembic.ini"),
      fileTemplate: "%(slug)s",
      slugLength: 10,
    });
  });
});
