import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSections } from "../../src/revisions/sections.ts";
import { thrown } from "./support/thrown.ts";

const head = "-- revision: a\n-- revises:\n\n";
const split = (text: string): ReturnType<typeof splitSections> => splitSections(head + text, "a.sql");

test("a revision is cut at its markers, each part with its line in the file", () => {
  expect(split("-- upgrade\nselect 1;\n\n-- downgrade\nselect 2;\n")).toEqual({
    upgrade: { text: "select 1;\n\n", line: 5 },
    downgrade: { text: "select 2;\n", line: 8 },
  });
});

test("a downgrade that is not there is told from an empty one", () => {
  expect(split("-- upgrade\nselect 1;\n").downgrade).toBeUndefined();
  expect(split("-- upgrade\n-- downgrade").downgrade).toEqual({ text: "", line: 6 });
});

test.each([
  ["-- UPGRADE\nu\n-- Downgrade\nd"],
  ["--upgrade\nu\n--downgrade\nd"],
  ["  --  upgrade  \nu\n\t-- downgrade:\nd"],
  ["-- upgrade\nu -- downgrade\n-- downgrade\nd"],
  ["-- upgrade\nu\n-- the downgrade of it\n-- downgrade\nd"],
  ["-- upgrade the users\n\n-- upgrade\nu\n-- downgrade section\n-- downgrade\nd"],
  ["-- downgrade\nd\n-- upgrade\nu"],
])("%j has an upgrade and a downgrade", (text) => {
  for (const ends of ["\n", "\r\n", "\r"]) {
    const { upgrade, downgrade } = split(text.replaceAll("\n", ends));
    expect(upgrade.text).toMatch(/^u/u);
    expect(upgrade.text).not.toMatch(/^d$/mu);
    expect(downgrade?.text).toMatch(/^d/u);
  }
});

describe("a marker does not count", () => {
  test.each([
    [
      "in a dollar quote",
      "create function f() returns void as $$\nbegin\n-- downgrade\nend $$ language plpgsql;",
    ],
    ["in a dollar quote with a tag", "do $body$\n$$\n-- downgrade\n$$\n$body$;"],
    ["in a string", "select '\n-- downgrade\n';"],
    ["in a string with a doubled quote", "select 'it''s\n-- downgrade\n';"],
    ["in an escape string", "select e'\\'\n-- downgrade\n';"],
    ["in a quoted identifier", 'select 1 as "\n-- downgrade\n";'],
    ["in a block comment", "/* /* */\n-- downgrade\n*/ select 1;"],
    ["inside brackets", "create table t (\n  a int,\n  -- downgrade\n  b int\n);"],
    [
      "in a BEGIN ATOMIC body",
      "create function f() returns int begin atomic\n select case when true then 1 else 2 end;\n-- downgrade\n select 2;\nend;",
    ],
  ])("%s", (_, sql) => {
    expect(split(`-- upgrade\n${sql}\n-- downgrade\nd\n`)).toEqual({
      upgrade: { text: `${sql}\n`, line: 5 },
      downgrade: { text: "d\n", line: 6 + sql.split("\n").length },
    });
  });

  test("but it does after what only looks like the beginning of a quote", () => {
    for (const sql of [
      "select 'a\\';",
      "select a$b$ from t;",
      "select $1;",
      "select 1 -- don't\n;",
      "select U&'\\0041';",
      "select 'e' 'x\\' ;",
      "select 1 - -1, 2 /1, 3*4;",
      "update t set begin = 1, atomic = 2;",
    ]) {
      expect(split(`-- upgrade\n${sql}\n-- downgrade\nd\n`).upgrade.text).toBe(`${sql}\n`);
    }
  });
});

describe("a file is refused", () => {
  test.each([
    ["without an upgrade section", "-- downgrade\n", 1, "no `-- upgrade` section"],
    ["with two upgrade sections", "-- upgrade\n-- upgrade\n", 5, "the first begins in line 4"],
    [
      "with two downgrade sections",
      "-- upgrade\n-- downgrade\n\n-- downgrade",
      7,
      "the first begins in line 5",
    ],
    ["with a statement above the first section", "select 1;\n-- upgrade\n", 4, "above the first section"],
    ["with a remark behind a marker", "-- upgrade\n-- downgrade: drop it\ndrop", 5, "reads like the marker"],
    ["with a decorated marker", "-- upgrade\n-- downgrade (slow)\ndrop", 5, "reads like the marker"],
    ["with lines around a marker", "-- upgrade\n---- downgrade ----\ndrop", 5, "reads like the marker"],
    ["with a misspelt marker", "-- upgrade\n-- downgade\ndrop", 5, "reads like the marker"],
    ["with a marker of dbmate", "-- upgrade\n-- migrate:down\ndrop", 5, "reads like the marker"],
    ["with a marker of goose", "-- upgrade\n-- +goose Down\ndrop", 5, "reads like the marker"],
    ["with the short word", "-- up\n-- down\n", 4, "reads like the marker"],
    ["with a wordy downgrade only", "-- upgrade\n-- downgrade section\ndrop", 5, "reads like the marker"],
    [
      "with a string that never ends",
      "-- upgrade\nselect 'it;\n-- downgrade\n",
      5,
      "string that begins here never ends",
    ],
    ["with a comment that never ends", "-- upgrade\n/* /* */\n-- downgrade\n", 5, "comment that begins here"],
    ["with a dollar quote that never ends", "-- upgrade\n\ndo $x$ $$\n", 6, "dollar quote $x$"],
  ])("%s", (_, text, line, words) => {
    const error = thrown(() => split(text));
    expect(error).toMatchObject({ code: "E_REVISION_SECTION", path: "a.sql", line });
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
  });
});

test("whatever the sections hold, they come back as they were written", () => {
  const piece = fc.constantFrom(
    "select 1;",
    "'it''s'",
    "$$ ; -- downgrade\n $$",
    "/* -- upgrade\n */",
    "(\n-- upgrade\n)",
    '"a;b"',
    "-- a comment\n",
    "\n",
    "\r\n",
    " ",
    "ü😀",
    "e'\\''",
    "(a;b)",
  );
  const sql = fc.array(piece).map((pieces) => pieces.join(" "));
  fc.assert(
    fc.property(sql, sql, (up, down) => {
      const { upgrade, downgrade } = split(`-- upgrade\n${up}\n-- downgrade\n${down}`);
      expect(upgrade.text).toBe(`${up}\n`);
      expect(downgrade?.text).toBe(down);
    }),
  );
});
