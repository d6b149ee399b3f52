import { expect, test } from "vitest";

import { likeTexts, matchingTexts } from "../../src/scratch/fill/matching-text.ts";

const patterns = [
  "^[A-Z]{3}$",
  "^[a-z0-9]+(-[a-z0-9]+)*$",
  "^\\d{4}-\\d{2}$",
  "^(red|green|blue)$",
  "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
  "^\\+?[1-9]\\d{1,14}$",
  "^#(?:[0-9a-f]{3}){1,2}$",
  "^[[:alpha:]_][[:alnum:]_]*$",
  "^\\w+\\s\\w+$",
  "a.c",
  "^[\\d.-]{5}$",
  "^[]x-]+$",
];

test.each(patterns)("texts for %s match it", (pattern) => {
  const expression = new RegExp(
    pattern.replaceAll("[:alpha:]", "A-Za-z").replaceAll("[:alnum:]", "A-Za-z0-9").replaceAll("[]x", "[\\]x"),
    "u",
  );
  const texts = matchingTexts(pattern);
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(text).toMatch(expression);
});

test("what it does not know gives no text, and no error", () => {
  for (const pattern of ["^(?=a)", "(a", "[a", "a\\1", "\\"]) expect(matchingTexts(pattern)).toEqual([]);
});

test("patterns of LIKE are filled in", () => {
  expect(likeTexts("A_-%")).toEqual(["Aa-", "Aa-a", "Aa-abc"]);
});
