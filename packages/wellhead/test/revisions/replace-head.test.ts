import fc from "fast-check";
import { expect, test } from "vitest";
import { newRevisionFile, replaceHead, type RevisionLanguage } from "../../src/revisions/index.ts";
import { readPythonHead } from "../../src/revisions/python-head.ts";
import { thrown } from "./support/thrown.ts";

const sql = { path: "a.sql", language: "sql" } as const;

test("only the line of the down revisions is another", () => {
  const text =
    "-- revision: a\r\n--revises : b   \r\n-- message: m  \r\n\r\n-- upgrade\r\nselect 'revises: b';\r\n";
  expect(replaceHead(text, { revises: ["c", "d"] }, sql)).toBe(
    text.replace("--revises : b   ", "-- revises: c, d"),
  );
  expect(replaceHead(text, { revises: [] }, sql)).toBe(text.replace("--revises : b   ", "-- revises:"));
});

test("a head without that line gets one", () => {
  expect(
    replaceHead("\n// revision: a\n// message: m\n", { revises: ["b"] }, { path: "a.ts", language: "ts" }),
  ).toBe("\n// revision: a\n// revises: b\n// message: m\n");
  expect(replaceHead("-- revision: a", { revises: ["b"] }, sql)).toBe("-- revision: a\n-- revises: b");
});

test("in Python it is the value and the docstring that change", () => {
  const text = `"""m

Revises: b
"""
revision = "a"
down_revision: str = (  # two
    "b",
    "c",
)  # keep
branch_labels = None
`;
  expect(replaceHead(text, { revises: ["d"] }, { path: "a.py", language: "py" })).toBe(`"""m

Revises: d
"""
revision = "a"
down_revision: str = 'd'  # keep
branch_labels = None
`);
});

test("a file without a head is refused", () => {
  const error = thrown(() => replaceHead("select 1;", { revises: [] }, sql));
  expect(error.code).toBe("E_REVISION_HEAD_MISSING");
});

test("the result is what would have been written with these down revisions", () => {
  const id = fc.stringMatching(/^[a-z0-9_.'"\\]{1,8}$/u).map((id) => id.replaceAll("\\", "b"));
  const ids = fc.uniqueArray(id, { maxLength: 3 });
  const languages: readonly RevisionLanguage[] = ["sql", "ts", "py"];
  fc.assert(
    fc.property(ids, ids, fc.constantFrom(...languages), (before, after, language) => {
      const write = (revises: readonly string[]): string =>
        newRevisionFile({ folder: "", revision: "a", revises, message: "m", created: new Date(0), language })
          .text;
      const replaced = replaceHead(write(before), { revises: after }, { path: "a", language });
      expect(replaced.replace("Revises: \n", "Revises:\n")).toBe(
        write(after).replace("Revises: \n", "Revises:\n"),
      );
      if (language === "py") expect(readPythonHead(replaced, "a").revises).toEqual(after);
    }),
  );
});
