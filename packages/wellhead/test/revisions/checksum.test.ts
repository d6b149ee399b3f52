import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { upgradeChecksum, type RevisionLanguage } from "../../src/revisions/index.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

function checksum(text: string, language: RevisionLanguage = "sql"): string {
  const path = `a.${language}`;
  return upgradeChecksum({ file: join(temporaryFolder({ [path]: text }), path), path, language });
}

const revision = "-- revision: a\n\n-- upgrade\ncreate table t (\n  a int);\n\n-- downgrade\ndrop table t;\n";

test("a checksum is the SHA-256 of the upgrade", () => {
  const upgrade = "create table t (\n  a int);\n";
  expect(checksum(revision)).toBe(createHash("sha256").update(upgrade).digest("hex"));
});

test.each([
  ["other line ends", revision.replaceAll("\n", "\r\n")],
  ["blanks at the end of lines", revision.replaceAll("\n", " \t\n")],
  ["more empty lines at the end", revision.replace("-- downgrade", "\n\n\n-- downgrade")],
  ["no line end at the end", "-- revision: a\n\n-- upgrade\ncreate table t (\n  a int);"],
  ["another head", revision.replace("\n", "\n-- revises: b\n-- message: m\n")],
  ["another downgrade", revision.replace("drop", "drop table if exists t, ")],
  ["a byte order mark", `\uFEFF${revision}`],
])("it is the same with %s", (_, text) => {
  expect(checksum(text)).toBe(checksum(revision));
});

test.each([
  ["another statement", revision.replace("int", "text")],
  ["other blanks inside a line", revision.replace("  a", "   a")],
  ["another comment", revision.replace("int", "int -- a")],
])("it is another with %s", (_, text) => {
  expect(checksum(text)).not.toBe(checksum(revision));
});

test("of a .ts revision it is the module's below the head", () => {
  const module = "\nexport async function upgrade() {}\n";
  expect(checksum(`// revision: a\n${module}`, "ts")).toBe(
    checksum(`// revision: a\r\n// revises: b\r\n${module}`, "ts"),
  );
  expect(checksum(`// revision: a\n${module}`, "ts")).not.toBe(
    checksum(`// revision: a\n${module}//\n`, "ts"),
  );
});

test("of a .py revision it is the whole module's", () => {
  expect(checksum("revision = 'a'\n", "py")).toBe(checksum("revision = 'a'  \r\n", "py"));
  expect(checksum("revision = 'a'\n", "py")).not.toBe(checksum("revision = 'b'\n", "py"));
});
