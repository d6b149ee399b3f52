import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  generateRevisionId,
  loadSqlRevision,
  newRevisionFile,
  readRevisions,
  writeRevisionFile,
  type NewRevisionOptions,
} from "../../src/revisions/index.ts";
import { slugOf } from "../../src/revisions/slug.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { thrown } from "./support/thrown.ts";

const created = new Date("2025-08-12T11:02:02Z");
const base = { folder: "migrations", revision: "9f3c0d2b71aa", revises: [], created } as const;

describe("a new revision", () => {
  test("in SQL has a head and two empty sections", () => {
    expect(
      newRevisionFile({
        ...base,
        language: "sql",
        revises: ["a1b2c3d4fullnam3", "e3bffa2a4321"],
        message: "Merge heads to single",
      }),
    ).toEqual({
      file: join("migrations", "9f3c0d2b71aa_merge_heads_to_single.sql"),
      text: `-- revision: 9f3c0d2b71aa
-- revises: a1b2c3d4fullnam3, e3bffa2a4321
-- message: Merge heads to single
-- created: 2025-08-12T11:02:02Z

-- upgrade

-- downgrade
`,
    });
  });

  test("says what else its head can say, and an irreversible one has no downgrade", () => {
    const { text } = newRevisionFile({
      ...base,
      language: "sql",
      message: "drop it",
      labels: ["users", "accounts"],
      dependsOn: ["billing"],
      transaction: "none",
      irreversible: "the rows\nare gone",
      proved: "commute",
      upgrade: "drop table t;\n",
    });
    expect(text).toBe(`-- revision: 9f3c0d2b71aa
-- revises:
-- message: drop it
-- created: 2025-08-12T11:02:02Z
-- labels: users, accounts
-- depends on: billing
-- transaction: none
-- irreversible: the rows are gone
-- proved: commute

-- upgrade
drop table t;
`);
  });

  test("in TypeScript exports its two functions", () => {
    const { file, text } = newRevisionFile({ ...base, language: "ts", message: "fill" });
    expect(file).toBe(join("migrations", "9f3c0d2b71aa_fill.ts"));
    expect(text).toMatch(/^\/\/ revision: 9f3c0d2b71aa\n\/\/ revises:\n/u);
    expect(text).toContain("export async function upgrade(db: RevisionDatabase): Promise<void> {");
    expect(text).toContain("export async function downgrade(db: RevisionDatabase): Promise<void> {");
  });

  test("in Python is the file that Alembic makes", () => {
    expect(
      newRevisionFile({
        ...base,
        language: "py",
        revises: ["a", "b"],
        labels: ["users"],
        dependsOn: ["c"],
        message: "merge heads",
        timezone: "Europe/Berlin",
      }).text,
    ).toBe(`"""merge heads

Revision ID: 9f3c0d2b71aa
Revises: a, b
Create Date: 2025-08-12 13:02:02.000000+02:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '9f3c0d2b71aa'
down_revision: Union[str, Sequence[str], None] = ('a', 'b')
branch_labels: Union[str, Sequence[str], None] = ('users',)
depends_on: Union[str, Sequence[str], None] = 'c'


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
`);
  });

  test("is named by a file_template of Alembic", () => {
    const name = (fileTemplate: string): string =>
      newRevisionFile({ ...base, language: "py", message: "Add Ü", fileTemplate, timezone: "UTC" }).file;
    expect(name("%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s")).toBe(
      join("migrations", "2025_08_12_1102-9f3c0d2b71aa_add_ü.py"),
    );
    expect(name("%(epoch)s%%%(second)02d")).toBe(join("migrations", "1754996522%02.py"));
    expect(name("%(year)d/%(rev)s")).toBe(join("migrations", "2025", "9f3c0d2b71aa.py"));
    expect(thrown(() => name("%(nope)s"))).toMatchObject({ code: "E_REVISION_NOT_WRITABLE" });
  });

  test.each([
    ["an empty id", { revision: "" }],
    ["a forbidden character in its id", { revision: "a-b" }],
    ["a path in its id", { revision: "../a" }],
    ["a comma in a down revision", { revises: ["a,b"] }],
    ["a comma in a label", { labels: ["a,b"] }],
    ["a label that another target would hide", { labels: ["heads"] }],
    ["a sign of targets in a label", { labels: ["x@y"] }],
    ["a step in a label", { labels: ["line-2"] }],
    ["a line end in a dependency", { dependsOn: ["a\nb"] }],
    ["an unknown time zone", { timezone: "Mars/Olympus" }],
  ])("is refused with %s", (_, options: Partial<NewRevisionOptions>) => {
    const error = thrown(() => newRevisionFile({ ...base, language: "sql", ...options }));
    expect(error.code).toBe("E_REVISION_NOT_WRITABLE");
    expect(error.hint).toBeTruthy();
  });
});

describe("a slug", () => {
  test.each([
    ["Add the user's e-mail", "add_the_user_s_e_mail"],
    [
      "Add the user's e-mail (and phone) columns to every account table!",
      "add_the_user_s_e_mail_and_phone_columns_",
    ],
    ["", ""],
    ["!?", ""],
    ["Größe ändern 東京", "größe_ändern_東京"],
    ["x".repeat(41), `${"x".repeat(40)}_`],
    ["x".repeat(40), "x".repeat(40)],
    ["../../etc/passwd", "etc_passwd"],
  ])("of %j is %j", (message, slug) => {
    expect(slugOf(message)).toBe(slug);
  });
});

test("a revision id is twelve hex digits of the bytes it is given", () => {
  expect(generateRevisionId(Uint8Array.of(0, 1, 0xab, 0xcd, 0xef, 255))).toBe("0001abcdefff");
  expect(() => generateRevisionId(new Uint8Array(5))).toThrow(RangeError);
});

describe("writing", () => {
  test("makes the folders of the name", () => {
    const folder = temporaryFolder();
    const file = newRevisionFile({ ...base, folder, language: "sql", fileTemplate: "%(year)d/%(rev)s" });
    writeRevisionFile(file);
    expect(readFileSync(join(folder, "2025", "9f3c0d2b71aa.sql"), "utf8")).toBe(file.text);
  });

  test("leaves a file that is there as it is", () => {
    const folder = temporaryFolder();
    const file = newRevisionFile({ ...base, folder, language: "sql" });
    writeRevisionFile(file);
    const error = thrown(() => writeRevisionFile({ ...file, text: "" }));
    expect(error).toMatchObject({ code: "E_REVISION_FILE_EXISTS", path: file.file });
    expect(readFileSync(file.file, "utf8")).toBe(file.text);
  });

  test("says why it is not possible", () => {
    const folder = temporaryFolder({ migrations: "a file" });
    const file = newRevisionFile({ ...base, folder: join(folder, "migrations"), language: "sql" });
    expect(thrown(() => writeRevisionFile(file)).code).toBe("E_REVISION_NOT_WRITABLE");
  });
});

describe("what is written is read back", () => {
  const text = fc.string({ unit: "binary" });
  const id = text.filter((id) => id !== "" && !/[@+:,\\/\s\p{C}-]/u.test(id)).map((id) => id.slice(0, 30));
  const name = fc
    .string({ unit: "grapheme" })
    .map((name) => name.replaceAll(/[,\s\p{C}]+/gu, ""))
    .filter((name) => name !== "");
  const label = name.filter((name) => !/[@:+]|-\d|^(?:heads?|base|current)$/u.test(name));
  const list = (entry: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
    fc.uniqueArray(entry, { maxLength: 3 });
  const oneLine = (message: string): string =>
    message
      .toWellFormed()
      .replaceAll(/[\s\p{Cc}]+/gu, " ")
      .trim();

  test.each(["sql", "ts", "py"] as const)("in .%s, whatever the ids, labels and message", (language) => {
    const folder = temporaryFolder();
    let run = 0;
    fc.assert(
      fc.property(
        id,
        list(id),
        list(label),
        list(name),
        text,
        (revision, revises, labels, dependsOn, message) => {
          const inside = join(folder, String((run += 1)));
          mkdirSync(inside);
          writeRevisionFile(
            newRevisionFile({
              folder: inside,
              revision,
              revises,
              labels,
              dependsOn,
              message,
              created,
              language,
            }),
          );
          const expected = oneLine(message);
          expect(readRevisions([inside])).toMatchObject([
            {
              revision,
              revises,
              labels,
              dependsOn,
              message: language === "py" && expected === "" ? "empty message" : expected,
            },
          ]);
          expect(readdirSync(inside)).toEqual([
            expect.stringMatching(new RegExp(String.raw`\.${language}$`, "u")),
          ]);
        },
      ),
    );
  });

  test("with the statements in their sections", () => {
    const folder = temporaryFolder();
    writeRevisionFile(
      newRevisionFile({
        ...base,
        folder,
        language: "sql",
        upgrade: "create table t ();",
        downgrade: "drop table t;",
      }),
    );
    const [file] = readRevisions([folder]);
    expect(loadSqlRevision(file!)).toEqual({
      upgrade: { text: "create table t ();\n\n", line: 7 },
      downgrade: { text: "drop table t;\n", line: 10 },
    });
  });
});
