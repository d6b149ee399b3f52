// A quick look at a .sql revision of the plainest form, the one in which `wellhead revision` writes them: most are so,
// and a folder of them is read in half the time. Whatever differs is left to who reads all forms (`comment-head.ts`,
// `sections.ts`), and so is every mistake; what both read they read alike.

import type { RevisionHead } from "./revision-file.ts";
import type { SqlSections } from "./sql-sections.ts";

// Days that only some months have are for the careful reader.
const day = /\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])/;
const time = /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/;
const head = new RegExp(
  "^-- revision: ([\\w.]+)\n-- revises:(?: ([\\w.]+))? ?\n-- message: (\\S(?:[^\\n\\r]*\\S)?)\n" +
    `-- created: (${day.source}T${time.source}Z)\n\n-- upgrade\n`,
);

/** The head; undefined for a text of another form. */
export function readWrittenHead(text: string): RevisionHead | undefined {
  const match = head.exec(text);
  if (match === null) return undefined;
  const [, revision = "", revises, message = "", created] = match;
  return {
    revision,
    revises: revises === undefined ? [] : [revises],
    dependsOn: [],
    labels: [],
    message,
    created,
    transaction: undefined,
    irreversible: undefined,
    allows: [],
    proved: undefined,
    docstring: undefined,
  };
}

// Nothing that could hold a marker, or hide one: no string, no comment, no second one of the markers.
const statements = String.raw`((?:[^'"$\\\r/-]|-(?!-)|/(?!\*))*)`;
const sections = new RegExp(`${head.source}${statements}(?<=\n)-- downgrade(?:\n${statements})?$`);
/** A pattern that goes through a text sign by sign is for short ones. */
const LONGEST = 16_384;

/** The sections below such a head; undefined for a text of another form. */
export function cutWrittenSections(text: string): SqlSections | undefined {
  if (text.length > LONGEST) return undefined;
  const match = sections.exec(text);
  if (match === null) return undefined;
  const [, , , , , upgrade = "", downgrade = ""] = match;
  // A body of BEGIN ATOMIC and brackets can hold a comment that looks like a marker.
  if (/\batomic\b/i.test(upgrade) || !isBalanced(upgrade)) return undefined;
  const line = 7;
  return {
    upgrade: { text: upgrade, line },
    downgrade: { text: downgrade, line: line + upgrade.split("\n").length },
  };
}

function isBalanced(code: string): boolean {
  let depth = 0;
  for (const [bracket] of code.matchAll(/[()[\]]/g)) {
    depth += bracket === "(" || bracket === "[" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
