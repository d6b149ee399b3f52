import { expect, test } from "vitest";

import { unsafeText } from "../../http/unsafe-text.ts";

function places(body: unknown): readonly unknown[] {
  return unsafeText(body).map(({ loc }) => loc);
}

test("text of any script passes, at any depth", () => {
  expect(places({ email: "ö", list: ["🦉", { deep: ["\u202e", null, 1, true] }] })).toEqual([]);
});

test("each field with NUL or half of a pair is named once", () => {
  expect(places({ a: "\0", b: ["x", "\ud800", "\0"], c: { d: "\udc00x" }, e: "ok" })).toEqual([
    ["body", "a"],
    ["body", "b"],
    ["body", "c"],
  ]);
});

test("a name with NUL is not repeated to the client", () => {
  expect(places({ "pass\0word": "x" })).toEqual([["body"]]);
  expect(places({ field: { "\ud800": 1 } })).toEqual([["body", "field"]]);
});

test("a body that is no object is looked at too", () => {
  expect(places("\0")).toEqual([["body"]]);
  expect(places(null)).toEqual([]);
  expect(places(["\0"])).toEqual([["body", "0"]]);
});

test("nesting is followed further than calls could go", () => {
  const depth = 100_000;
  const body = JSON.parse(`{"a":${"[".repeat(depth)}"\\u0000"${"]".repeat(depth)}}`) as unknown;
  expect(places(body)).toEqual([["body", "a"]]);
});
