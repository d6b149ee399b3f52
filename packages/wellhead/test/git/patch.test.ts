import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import { patchText, type PatchedFile } from "../../src/git/index.ts";
import { gitRepository } from "../../../../test/support/git-repository.ts";

test("a patch has three lines around what changes, and nothing of a file that stays", () => {
  const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
  const file = { path: "a b/x.sql", before, after: before.replace("five", "FIVE") };
  expect(patchText([{ path: "same", before, after: before }, file])).toBe(`diff --git a/a b/x.sql b/a b/x.sql
--- a/a b/x.sql\t
+++ b/a b/x.sql\t
@@ -2,7 +2,7 @@
 two
 three
 four
-five
+FIVE
 six
 seven
 eight
`);
});

test("git applies every patch, whatever the texts and the names", () => {
  const repository = gitRepository();
  const line = fc.constantFrom("a", "b", "c", "", "-- revises: x", "é\r", "\\ No newline");
  const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ends]) => {
    const joined = lines.join("\n");
    return ends && joined !== "" ? `${joined}\n` : joined;
  });
  const name = fc.constantFrom("x.sql", "a b/ü.sql", 'q"uote.sql', "back\\slash.sql");
  const file = fc.record({ path: name, before: text, after: text });
  const files = fc.uniqueArray(file, { maxLength: 4, selector: ({ path }) => path });
  fc.assert(
    fc.property(files, (all: readonly PatchedFile[]) => {
      const changed = all.filter(({ before, after }) => before !== "" && after !== "" && before !== after);
      fc.pre(changed.length > 0);
      for (const { path, before } of changed) {
        mkdirSync(dirname(join(repository.root, path)), { recursive: true });
        writeFileSync(join(repository.root, path), before);
      }
      writeFileSync(join(repository.root, "the.patch"), patchText(changed));
      repository.git("apply", "the.patch");
      for (const { path, after } of changed)
        expect(readFileSync(join(repository.root, path), "utf8")).toBe(after);
    }),
    { numRuns: 60 },
  );
});
