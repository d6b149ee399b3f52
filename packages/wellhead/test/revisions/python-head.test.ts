import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPythonHead } from "../../src/revisions/python-head.ts";
import { readPythonLiteral } from "../../src/revisions/python/literal.ts";
import { pythonStringValue } from "../../src/revisions/python/string-value.ts";
import { pythonTokens } from "../../src/revisions/python/tokens.ts";
import { thrown } from "./support/thrown.ts";

const read = (text: string): ReturnType<typeof readPythonHead> => readPythonHead(text, "x.py");

/** A module with these values, everything else as in Alembic's template. */
const module = (down: string, labels = "None", dependsOn = "None"): string =>
  `revision = "a"\ndown_revision = ${down}\nbranch_labels = ${labels}\ndepends_on = ${dependsOn}\n`;

test("a revision of Alembic's template is read", () => {
  expect(
    read(`"""add the users

Revision ID: ae1027a6acf
Revises: 1975ea83b712
Create Date: 2025-08-12 11:02:02.123456

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = 'ae1027a6acf'
down_revision: Union[str, Sequence[str], None] = '1975ea83b712'
branch_labels: Union[str, Sequence[str], None] = ('users',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    revision = "no"
    op.execute("update t set revision = 'no'")
`),
  ).toEqual({
    revision: "ae1027a6acf",
    revises: ["1975ea83b712"],
    labels: ["users"],
    dependsOn: [],
    message: "add the users",
    created: "2025-08-12 11:02:02.123456",
    transaction: undefined,
    irreversible: undefined,
    allows: [],
    proved: undefined,
    docstring:
      "add the users\n\nRevision ID: ae1027a6acf\nRevises: 1975ea83b712\nCreate Date: 2025-08-12 11:02:02.123456",
  });
});

describe("a value", () => {
  test.each([
    ["None", []],
    ["'b'", ["b"]],
    ['"b"', ["b"]],
    ["'''b'''", ["b"]],
    ['"""b"""', ["b"]],
    ["r'b'", ["b"]],
    ["u'b'", ["b"]],
    ["('b')", ["b"]],
    ["('b',)", ["b"]],
    ["('b', 'c')", ["b", "c"]],
    ["'b', 'c'", ["b", "c"]],
    ["'b',", ["b"]],
    ["['b', \"c\"]", ["b", "c"]],
    ["{'b', 'c'}", ["b", "c"]],
    ["()", []],
    ["[]", []],
    ["(None)", []],
    ["('b' 'c')", ["bc"]],
    ["'b' \"c\" 'd'", ["bcd"]],
    ["'b' \\\n    'c'", ["bc"]],
    ["(\n    'b',  # the first\n    # and the second\n    'c',\n)", ["b", "c"]],
    ["[\r\n  'b',\r\n  'c',\r\n]", ["b", "c"]],
    ["(('b'), ('c'))", ["b", "c"]],
    ["'b'  # not 'c'", ["b"]],
    ["'b'; x = 'c'", ["b"]],
    ["'\\x62\\143\\u0064\\\\'", ["bcd\\"]],
    ["r'b\\n'", ["b\\n"]],
    ["'b#c'", ["b#c"]],
    ["'b\\'c'", ["b'c"]],
    ["'b\\\nc'", ["bc"]],
    ["'ü\\N'", undefined],
    ["b'b'", undefined],
    ["f'{b}'", undefined],
    ["f'b'", ["b"]],
    ["get_heads()", undefined],
    ["OTHER", undefined],
    ["'b' + 'c'", undefined],
    ["('b', None)", undefined],
    ["('b', ('c', 'd'))", undefined],
    ["('b' if x else 'c')", undefined],
    ["'b' ['c']", undefined],
    ["3", undefined],
    ["('b',,)", undefined],
    ["(,)", undefined],
    ["('b'", "E_REVISION_HEAD"],
    ["'b", "E_REVISION_HEAD"],
  ])("%j", (source, expected) => {
    if (Array.isArray(expected)) {
      expect(read(module(source)).revises).toEqual(expected);
      expect(read(module("None", source)).labels).toEqual(expected);
      expect(
        read(
          `down_revision: Union[str, None] = None\nrevision: str='a'\ndepends_on={...}
`.replace("{...}", source),
        ).dependsOn,
      ).toEqual(expected);
    } else {
      const error = thrown(() => read(module(source)));
      expect(error).toMatchObject({ code: "E_REVISION_HEAD", path: "x.py", line: 2 });
      expect(error.hint).toBeTruthy();
    }
  });
});

describe("an assignment counts", () => {
  test("only at the top level", () => {
    const { revision, revises } = read(`'''
revision = "docstring"
'''
class A:
    revision = "class"
def f(): revision = "one line"; down_revision = "x"
if True: revision = "if"
x = """
revision = "string"
"""
y = (
revision == "brackets",
)
revision = "a"
down_revision = None
def upgrade():
    revision = "function"
\tdown_revision = "tab"
`);
    expect([revision, ...revises]).toEqual(["a"]);
  });

  test("the last time", () => {
    expect(read('revision = "a"\ndown_revision = "b"\nrevision = "c"\n').revision).toBe("c");
  });

  test("behind a semicolon", () => {
    expect(read('import os; revision = "a"; down_revision = "b"')).toMatchObject({
      revision: "a",
      revises: ["b"],
    });
  });

  test("below functions, and below the first four kilobytes", () => {
    const text = `def upgrade():\n${"    pass\n".repeat(1000)}\nrevision = 'a'\ndown_revision = 'b'\n`;
    expect(read(text)).toMatchObject({ revision: "a", revises: ["b"] });
  });

  test("not when it only declares a type, compares or calls", () => {
    expect(
      read("revision: str\nrevision = 'a'\nrevision\nrevision.x()\ndown_revision = None\n").revision,
    ).toBe("a");
  });
});

describe("a message", () => {
  test.each([
    ["'one line'", "one line"],
    ["'''\n\n  two\nlines  \n\nmore'''", "two\nlines  "],
    ["r'''a\\b'''", "a\\b"],
    ["'a' 'b'", "ab"],
    ["# nothing", ""],
    ["x = 'no docstring'", ""],
    ["b'no docstring'", ""],
    ["'''a\r\n\r\nb'''", "a"],
  ])("of %j is the docstring up to its first empty line", (docstring, message) => {
    expect(read(`#!/usr/bin/python\n# -*- coding: utf-8 -*-\n${docstring}\n${module("None")}`).message).toBe(
      message,
    );
  });
});

describe("a module is refused", () => {
  test.each([
    ["without a revision", "down_revision = None\n", "E_REVISION_HEAD_MISSING", 1],
    ["with a revision in a function only", "def f():\n  revision = 'a'\n", "E_REVISION_HEAD_MISSING", 1],
    ["when it is empty", "", "E_REVISION_HEAD_MISSING", 1],
    ["without a down revision", "\nrevision = 'a'\n", "E_REVISION_HEAD", 2],
    ["with an empty id", "revision = ''\ndown_revision = None", "E_REVISION_HEAD", 1],
    ["with None for an id", "revision = None\ndown_revision = None", "E_REVISION_HEAD", 1],
    ["with a list of ids", "revision = 'a',\ndown_revision = None", "E_REVISION_HEAD", 1],
    ["with a forbidden character in the id", "revision = 'a@b'\ndown_revision = None", "E_REVISION_HEAD", 1],
    ["with an empty down revision", "revision = 'a'\n\ndown_revision = ('b', '')", "E_REVISION_HEAD", 3],
    [
      "with a value added later",
      "revision = 'a'\ndown_revision = 'b'\nrevision += 'c'",
      "E_REVISION_HEAD",
      3,
    ],
    ["with two variables in one assignment", "revision, down_revision = 'a', 'b'", "E_REVISION_HEAD", 1],
  ])("%s, naming file and line", (_, text, code, line) => {
    const error = thrown(() => read(text));
    expect(error).toMatchObject({ code, path: "x.py", line });
    expect(error.hint).toBeTruthy();
  });

  test("naming the value that cannot be read", () => {
    expect(thrown(() => read(module("(\n  get_heads(),\n)"))).message).toBe(
      "x.py:2: The value of `down_revision` cannot be read without running the file: `down_revision = ( get_heads(), )`.",
    );
  });
});

describe("for any text", () => {
  /** A literal in one of Python's notations. */
  const literal = fc
    .record({ text: fc.string({ unit: "binary" }), quote: fc.constantFrom("'", '"', "'''", '"""') })
    .map(({ text, quote }) => ({
      text: text.toWellFormed(),
      source:
        quote +
        Array.from(text.toWellFormed(), (letter) =>
          /[\w ]/u.test(letter) ? letter : `\\U${letter.codePointAt(0)!.toString(16).padStart(8, "0")}`,
        ).join("") +
        quote,
    }));

  test("an escaped string gives it back", () => {
    fc.assert(
      fc.property(literal, ({ text, source }) => {
        expect(pythonStringValue(source)).toBe(text);
      }),
    );
  });

  test("a tuple with comments and line ends inside gives its texts back", () => {
    const space = fc.constantFrom("", " ", "\n", "  # ')\n", "\t", "\r\n", "\\\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, space, space), { minLength: 2 }), (items) => {
        const source = `(${items.map(([{ source }, before, after]) => `${before}${source}${after},`).join("")})`;
        const tokens = [...pythonTokens(source)];
        expect(readPythonLiteral(tokens)).toEqual({ kind: "list", entries: items.map(([{ text }]) => text) });
      }),
    );
  });

  test("reading ends with a head or with a clear error", () => {
    const pieces = fc.constantFrom(
      "revision",
      "down_revision",
      " = ",
      ":",
      '"',
      "'",
      '"""',
      "a",
      "None",
      "(",
      ")",
      "[",
      "]",
      ",",
      "\n",
      "\\",
      "#",
      ";",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        try {
          expect(read(text).revision).not.toBe("");
        } catch (error) {
          expect(error).toMatchObject({ path: "x.py", code: expect.stringMatching(/^E_REVISION_HEAD/u) });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what a module says to Wellhead", () => {
  const head = (above: string, docstring = ""): ReturnType<typeof readPythonHead> =>
    read(
      `"""it${docstring}"""\n${above}\n${module("None")}\ndef upgrade():\n    # allow: nonsense\n    pass\n`,
    );

  test("stands in comments above the functions, or in lines of the docstring", () => {
    const lock = {
      kind: "lock",
      mode: "AccessExclusiveLock",
      relations: ["users", "orders"],
      reason: "small",
    };
    const rows = { kind: "failing-on-rows", reason: "none" };
    const comments = head(
      "# allow: access exclusive on users, orders, because small\n#Allow: failing on rows, because none\n# irreversible: gone",
    );
    expect(comments).toMatchObject({ allows: [lock, rows], irreversible: "gone" });
    const lines = head(
      "",
      "\n\nallow: access exclusive on users, orders, because small\nIrreversible: gone\n\nAllow: people on the list, because they asked\nallow: it\n",
    );
    expect(lines).toMatchObject({ allows: [lock], irreversible: "gone" });
  });

  test("is refused in a comment where it says too little, with the line", () => {
    expect(thrown(() => head("\n# allow: access exclusive on users"))).toMatchObject({
      code: "E_REVISION_HEAD",
      path: "x.py",
      line: 3,
    });
    expect(thrown(() => head("# irreversible:"))).toMatchObject({ code: "E_REVISION_HEAD", line: 2 });
  });
});
