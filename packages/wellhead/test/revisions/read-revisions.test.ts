import { mkdirSync, symlinkSync, chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRevisions } from "../../src/revisions/index.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { thrown } from "./support/thrown.ts";

const head = (id: string, revises = ""): string =>
  `-- revision: ${id}\n-- revises: ${revises}\n-- message: ${id}\n\n-- upgrade\n`;

const ids = (folder: string): readonly string[] => readRevisions([folder]).map(({ revision }) => revision);

describe("a head", () => {
  test("says everything about the revision", () => {
    const folder = temporaryFolder({
      "b_merge.sql": `-- revision: mrg_20250812_single_head
-- revises: a1b2c3d4fullnam3, e3bffa2a4321
-- message: merge heads to single
-- created: 2025-08-12T11:02:02Z
-- labels: users, accounts
-- depends on: 9f3c0d2b71aa
-- transaction: none
-- irreversible: nothing to undo
-- proved: commute on 2025-08-12

-- upgrade
-- downgrade
`,
    });
    expect(readRevisions([folder])).toEqual([
      {
        revision: "mrg_20250812_single_head",
        revises: ["a1b2c3d4fullnam3", "e3bffa2a4321"],
        message: "merge heads to single",
        created: "2025-08-12T11:02:02Z",
        labels: ["users", "accounts"],
        dependsOn: ["9f3c0d2b71aa"],
        transaction: "none",
        irreversible: "nothing to undo",
        allows: [],
        proved: "commute on 2025-08-12",
        docstring: undefined,
        language: "sql",
        path: join(folder, "b_merge.sql"),
        file: join(folder, "b_merge.sql"),
        text: expect.stringMatching(/^-- revision[^]*-- downgrade\n$/u),
      },
    ]);
  });

  test("may say no more than the id", () => {
    const folder = temporaryFolder({ "a.sql": "-- revision: a\n-- upgrade\n" });
    expect(readRevisions([folder])).toMatchObject([
      { revision: "a", revises: [], labels: [], dependsOn: [], message: "", created: undefined },
    ]);
  });

  test("is the same after // in a .ts file", () => {
    const folder = temporaryFolder({
      "a_b.ts": "// revision: a\n// revises: z\n// depends on: users\n\nexport async function upgrade() {}\n",
    });
    expect(readRevisions([folder])).toMatchObject([
      { revision: "a", revises: ["z"], dependsOn: ["users"], language: "ts" },
    ]);
  });

  test("may stand below a comment, apart from it by an empty line", () => {
    const folder = temporaryFolder({
      "a.sql": `-- Copyright: us\n-- All rights reserved.\n\n/* a\n note */\n\n${head("a")}`,
    });
    expect(ids(folder)).toEqual(["a"]);
  });

  test("reads the same with a byte order mark, with CRLF, without blanks and in capitals", () => {
    const folder = temporaryFolder({
      "a.sql": `\uFEFF${head("a")}`,
      "b.sql": head("b", "a").replaceAll("\n", "\r\n"),
      "c.sql": "--revision:c\n--REVISES:b\n--upgrade\n",
    });
    expect(readRevisions([folder]).map(({ revision, revises }) => [revision].concat(revises))).toEqual([
      ["a"],
      ["b", "a"],
      ["c", "b"],
    ]);
  });

  test("holds remarks that are no keys", () => {
    const folder = temporaryFolder({
      "a.sql": "-- revision: a\n-- see https://example.org/1\n-- revises:\n\n-- upgrade\n",
    });
    expect(ids(folder)).toEqual(["a"]);
  });

  test("may be longer than what is read at first", () => {
    const folder = temporaryFolder({
      "a.sql": `-- revision: a\n-- message: ${"é".repeat(5000)}\n-- revises: z\n\n-- upgrade\n`,
      "b.sql": `${"-- note\n".repeat(1000)}\n${head("b", "a")}`,
      "c.sql": `${head("c", "b")}${"select 'ü';\n".repeat(5000)}`,
    });
    expect(readRevisions([folder]).map(({ revises }) => revises)).toEqual([["z"], ["a"], ["b"]]);
  });

  test.each([
    ["an empty id", "-- revision:\n-- revises: a", 1, "empty id"],
    ["no id", "-- revises: a\n-- message: m", 1, "no `revision` line"],
    ["a blank in the id", "-- revision: a b", 1, "a blank"],
    ["an @ in the id", "-- revision: a@b", 1, "`@`"],
    ["a - in the id", "-- revision: a-b", 1, "`-`"],
    ["a + in the id", "-- revision: a+b", 1, "`+`"],
    ["a : in the id", "-- revision: a:b", 1, "`:`"],
    ["several of them in a down revision", "-- revision: a\n-- revises: b-c:d", 2, "`-` and `:`"],
    ["a key twice", "-- revision: a\n-- revises: b\n-- revises: c", 3, "said twice, in line 2"],
    ["an unknown key", "-- revision: a\n-- author: me", 2, "no key `author`"],
    ["a down revision twice", "-- revision: a\n-- revises: b, c, b", 2, "names b twice"],
    ["an empty entry", "-- revision: a\n-- revises: b,, c", 2, "empty entry"],
    ["a comma at the end", "-- revision: a\n-- labels: b,", 2, "empty entry"],
    ["two ids without a comma", "-- revision: a\n-- revises: b c", 2, "a blank"],
    ["a date that is none", "-- revision: a\n-- created: yesterday", 2, "not a date"],
    ["a day that does not exist", "-- revision: a\n-- created: 2025-02-30", 2, "not a date"],
    ["an hour that does not exist", "-- revision: a\n-- created: 2025-02-20T25:00:00Z", 2, "not a date"],
    ["another transaction", "-- revision: a\n-- transaction: each", 2, "`transaction: each`"],
    ["an irreversible without a reason", "-- revision: a\n-- irreversible:", 2, "gives no reason"],
    ["a forgotten colon", "-- revision: a\n-- revises b", 2, "no colon"],
  ])("with %s is refused with file, line and the way out", (_, lines, line, words) => {
    const folder = temporaryFolder({ "0001_x.sql": `${lines}\n\n-- upgrade\n` });
    const error = thrown(() => readRevisions([folder], { cwd: folder }));
    expect(error).toMatchObject({ code: "E_REVISION_HEAD", path: "0001_x.sql", line });
    expect(error.message).toContain(`0001_x.sql:${line}: `);
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
  });

  test("offers the nearest key for an unknown one", () => {
    const folder = temporaryFolder({ "a.sql": "-- revision: a\n-- depends_on: b\n\n-- upgrade\n" });
    expect(thrown(() => readRevisions([folder])).hint).toBe("did you mean `depends on`?");
  });

  test("needs an upgrade section after it", () => {
    const folder = temporaryFolder({ "a.sql": "-- revision: a\n\ncreate table t ();\n" });
    expect(thrown(() => readRevisions([folder]))).toMatchObject({ code: "E_REVISION_SECTION", line: 2 });
  });
});

describe("the load order", () => {
  test("is that of the names by code point", () => {
    const names = ["b.sql", "B.sql", "_.sql", "10.sql", "9.sql", "\u{FF41}.sql", "\u{1F600}.sql", "é.sql"];
    const folder = temporaryFolder(
      Object.fromEntries(names.map((name) => [name, head(name.replace(".sql", ""))])),
    );
    expect(ids(folder)).toEqual(["10", "9", "B", "_", "b", "é", "\u{FF41}", "\u{1F600}"]);
  });

  test("goes folder by folder as configured, the languages side by side", () => {
    const folder = temporaryFolder({
      "two/a.sql": head("a"),
      "one/c.sql": head("c"),
      "one/b.ts": head("b").replaceAll("--", "//"),
    });
    const found = readRevisions(["two", "one"], { cwd: folder });
    expect(found.map(({ path }) => path)).toEqual([
      join("two", "a.sql"),
      join("one", "b.ts"),
      join("one", "c.sql"),
    ]);
  });

  test("takes a folder's files before those of the folders inside", () => {
    const folder = temporaryFolder({ "a/z.sql": head("z"), "b.sql": head("b"), "a/b/y.sql": head("y") });
    const read = (recursive: boolean): readonly string[] =>
      readRevisions([folder], { recursive }).map(({ revision }) => revision);
    expect(read(true)).toEqual(["b", "z", "y"]);
    expect(read(false)).toEqual(["b"]);
  });

  test("counts a folder that is named twice, or also through a link, once", () => {
    const folder = temporaryFolder({ "v/a.sql": head("a") });
    symlinkSync(join(folder, "v"), join(folder, "w"));
    expect(readRevisions(["v", "v", "w"], { cwd: folder })).toHaveLength(1);
  });
});

describe("a file that is no revision", () => {
  test("is ignored when it is plainly something else", () => {
    const folder = temporaryFolder({
      "seed.sql": "insert into t values (1);\n",
      "seed_events.sql": "-- created: 2025\ninsert into t values (1);\n",
      "seed_users.sql": "-- some users\ninsert into t values (1);\n",
      "helpers.ts": "export const two = 2;\n",
      "types.d.ts": "// revision: no\n",
      "a.test.ts": "// revision: no\n",
      "README.md": "revision: no\n",
      ".hidden.sql": "-- revision: no\n",
      "notes.txt": "",
      "empty.sql": "",
      ".#a.py": "revision = 'x'",
      "__init__.py": "",
      "__pycache__/a.sql": head("no"),
    });
    expect(ids(folder)).toEqual([]);
  });

  test.each([
    ["is named like one", "0001_init.sql", "create table t ();\n", 1],
    ["is named by a generated id", "abcdefabcdef_init.sql", "\n", 1],
    ["has an upgrade section", "users.sql", "\n-- upgrade\ncreate table t ();\n", 2],
    ["has its head below a statement", "users.sql", "begin;\n-- revision: a\n", 2],
    ["has its head in a block comment", "users.sql", "/*\n * revision: a\n */\n", 2],
    ["misspells its head", "users.sql", "-- revison: a\n-- upgrade\n", 1],
    ["has no colon in its head", "users.sql", "-- revision a\n", 1],
    ["has its head below an import", "users.ts", 'import a from "a";\n// revision: a\n', 2],
    ["has a head of the other language", "users.ts", "-- revision: a\n", 1],
    ["exports an upgrade", "users.ts", "\nexport async function upgrade(db) {}\n", 2],
  ])("but %s is refused", (_, name, text, line) => {
    const folder = temporaryFolder({ [name]: text });
    const error = thrown(() => readRevisions([folder], { cwd: folder }));
    expect(error).toMatchObject({ code: "E_REVISION_HEAD_MISSING", path: name, line });
    expect(error.hint).toContain("move it out of the migrations folder");
  });
});

/** Root may read everything, so it is nobody who looks. */
function withoutRoot<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("what cannot be read", () => {
  test("is a folder that is not there", () => {
    const error = thrown(() => readRevisions(["migrations"], { cwd: temporaryFolder() }));
    expect(error).toMatchObject({ code: "E_MIGRATIONS_FOLDER_MISSING", folder: "migrations" });
    expect(error.hint).toContain("wellhead init");
  });

  test("is a folder that is a file", () => {
    const folder = temporaryFolder({ migrations: "" });
    expect(thrown(() => readRevisions(["migrations"], { cwd: folder })).code).toBe("E_MIGRATIONS_FOLDER");
  });

  test("is a folder with a revision's name, and a link to nothing", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "x.sql"));
    expect(thrown(() => readRevisions([folder], { cwd: folder })).message).toBe(
      "x.sql cannot be read: it is a folder.",
    );
    const other = temporaryFolder();
    symlinkSync(join(other, "nothing"), join(other, "y.sql"));
    expect(thrown(() => readRevisions([other], { cwd: other })).message).toContain("a link to nothing");
  });

  test("is a file or a folder without the right to read it", () => {
    const folder = temporaryFolder({ "v/a.sql": head("a") });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "v", "a.sql"), 0);
    const unreadable = withoutRoot(() => thrown(() => readRevisions(["v"], { cwd: folder })));
    expect(unreadable).toMatchObject({
      code: "E_REVISION_FILE_UNREADABLE",
      message: `${join("v", "a.sql")} cannot be read: permission denied.`,
    });
    chmodSync(join(folder, "v"), 0);
    const unlisted = withoutRoot(() => thrown(() => readRevisions(["v"], { cwd: folder })));
    expect(unlisted).toMatchObject({ code: "E_MIGRATIONS_FOLDER", message: "v cannot be listed (EACCES)." });
  });

  test("is a file in another encoding than UTF-8", () => {
    const utf16 = temporaryFolder();
    writeFileSync(join(utf16, "a.sql"), `\uFEFF${head("a")}`, "utf16le");
    expect(thrown(() => readRevisions([utf16])).message).toContain("UTF-16");
    const latin1 = temporaryFolder();
    writeFileSync(join(latin1, "a.sql"), "-- revision: a\n-- message: f\u00FCr\n-- upgrade\n", "latin1");
    expect(thrown(() => readRevisions([latin1], { cwd: latin1 }))).toMatchObject({
      code: "E_REVISION_ENCODING",
      message: "a.sql:2 holds bytes that are not UTF-8.",
    });
    const nul = temporaryFolder({ "a.sql": `${head("a")}SELECT '\0';\n` });
    expect(thrown(() => readRevisions([nul], { cwd: nul }))).toMatchObject({
      code: "E_REVISION_ENCODING",
      message: expect.stringMatching(/^a\.sql:\d+ holds a NUL byte/),
      hint: "take it away",
    });
  });
});

test("a link to a revision is read like the revision", () => {
  const folder = temporaryFolder({ "elsewhere/a.sql": head("a"), "v/b.sql": head("b") });
  symlinkSync(join(folder, "elsewhere", "a.sql"), join(folder, "v", "a.sql"));
  expect(ids(join(folder, "v"))).toEqual(["a", "b"]);
});
