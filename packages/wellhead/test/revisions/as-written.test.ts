// The quick look at a revision of the plainest form sees what the careful one sees, or nothing.

import fc from "fast-check";
import { expect, test } from "vitest";

import { cutWrittenSections, readWrittenHead } from "../../src/revisions/as-written.ts";
import { findHeadBlock, readCommentHead } from "../../src/revisions/comment-head.ts";
import { splitAtMarkers } from "../../src/revisions/sections.ts";

const plain = `-- revision: b
-- revises: a
-- message: add users
-- created: 2025-08-12T11:02:02Z

-- upgrade
CREATE TABLE users (id int CHECK (id > 0));

-- downgrade
DROP TABLE users;
`;

function carefulHead(text: string): unknown {
  const found = findHeadBlock(text, "--", "b.sql", true);
  return found.kind === "head" ? readCommentHead(found, "b.sql") : found;
}

test("it reads the form in which revisions are written", () => {
  expect(readWrittenHead(plain)).toMatchObject({ revision: "b", revises: ["a"], message: "add users" });
  expect(cutWrittenSections(plain)?.downgrade).toEqual({ text: "DROP TABLE users;\n", line: 10 });
});

const pieces = [
  ..."()[]'\"$;,/*\\ \n\r-x",
  ..."-- upgrade\n|-- downgrade\n|--|-- downgrade|/*|$$|begin atomic|\nend|a, b|2025-02-30|-- labels: u\n|: ".split(
    "|",
  ),
];

test("what it reads of a text that was tampered with, the careful look reads as well", () => {
  const edits = fc.array(fc.tuple(fc.nat(plain.length), fc.nat(3), fc.constantFrom(...pieces)), {
    maxLength: 3,
  });
  let read = 0;
  fc.assert(
    fc.property(edits, (changes) => {
      let text = plain;
      for (const [at, without, piece] of changes) text = text.slice(0, at) + piece + text.slice(at + without);
      const head = readWrittenHead(text);
      if (head !== undefined) expect(head).toEqual(carefulHead(text));
      const sections = cutWrittenSections(text);
      if (sections !== undefined) expect(sections).toEqual(splitAtMarkers(text, "b.sql"));
      read += sections === undefined ? 0 : 1;
    }),
    { numRuns: 5_000 },
  );
  expect(read).toBeGreaterThan(100);
});
