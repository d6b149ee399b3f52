import { describe, expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

// a1 - a2 - a3
// b1 - b2
const graph = graphOf({ a1: "[aa]", a2: "a1", a3: "a2", b1: "[bb]", b2: "b1" });

function rowsAfter(
  from: readonly string[],
  to: string | readonly string[],
  purge = false,
): readonly string[] {
  return graph.planStamp({ from, to, purge }).at(-1)?.versionsAfter ?? from;
}

test("a step says what goes and what comes", () => {
  expect(graph.planStamp({ from: ["a1", "b1"], to: ["a3"] })).toEqual([
    { direction: "up", from: ["a1"], to: ["a3"], versionsAfter: ["a3", "b1"] },
  ]);
  expect(graph.planStamp({ from: ["a3", "b1"], to: ["a1"] })).toEqual([
    { direction: "down", from: ["a3"], to: ["a1"], versionsAfter: ["a1", "b1"] },
  ]);
});

test("a branch that is not there yet is added", () => {
  expect(graph.planStamp({ from: ["a1"], to: ["b2"] })).toEqual([
    { direction: "up", from: [], to: ["b2"], versionsAfter: ["a1", "b2"] },
  ]);
});

test("base takes every row away, one step for each", () => {
  expect(graph.planStamp({ from: ["a1", "b1"], to: "base" })).toEqual([
    { direction: "down", from: ["a1"], to: [], versionsAfter: ["b1"] },
    { direction: "down", from: ["b1"], to: [], versionsAfter: [] },
  ]);
  expect(rowsAfter(["a1", "b1"], "aa@base")).toEqual(["b1"]);
});

test("where the database stands already nothing happens", () => {
  expect(graph.planStamp({ from: ["a3", "b2"], to: ["heads"] })).toEqual([]);
});

test.each([
  ["upward", ["a1", "b1"], ["a3", "b2"], ["a3", "b2"]],
  ["downward", ["a3", "b2"], ["a1", "b1"], ["a1", "b1"]],
  ["one up and one down", ["a1", "b2"], ["a2", "b1"], ["a2", "b1"]],
  ["from nothing", [], ["a2", "b1"], ["a2", "b1"]],
])("several targets, %s", (_title, from, to, after) => {
  expect(rowsAfter(from, to)).toEqual(after);
});

test("both parents of a merge can be stamped to from above it", () => {
  const diamond = graphOf({ a1: "", b1: "a1", c1: "a1", m1: "b1 c1" });
  expect(diamond.planStamp({ from: ["m1"], to: ["b1", "c1"] }).at(-1)?.versionsAfter).toEqual(["b1", "c1"]);
});

test("a purge forgets rows that no file declares", () => {
  expect(rowsAfter(["gone"], ["heads"], true)).toEqual(["a3", "b2"]);
  expect(() => rowsAfter(["gone"], ["heads"])).toThrow(
    expect.objectContaining({ code: "E_REVISION_NOT_FOUND" }),
  );
});

describe("a revision beside its own ancestor is refused", () => {
  test.each([
    [[], ["a3", "a1"]],
    [["a3"], ["a2", "a1"]],
    [["a1"], ["a2", "a3"]],
  ])("from %j to %j", (from, to) => {
    expect(() => rowsAfter(from, to)).toThrow(expect.objectContaining({ code: "E_OVERLAPPING_REVISIONS" }));
    expect(() => rowsAfter(from, to, true)).toThrow(
      expect.objectContaining({ code: "E_OVERLAPPING_REVISIONS" }),
    );
  });
});

test("steps down from the heads that end at base are refused, where Alembic fails half way", () => {
  expect(() => rowsAfter([], ["-2"])).toThrow(expect.objectContaining({ code: "E_INVALID_TARGET" }));
});
