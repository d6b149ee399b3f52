import { describe, expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

// a1 - b1[left] - b2
//    \ c1[right] - c2
// d1 (depends on b1) - d2
const graph = graphOf({
  a1: "",
  b1: "a1 [left]",
  b2: "b1",
  c1: "a1 [right]",
  c2: "c1",
  d1: "(b1)",
  d2: "d1",
});

test("without a range it is everything, newest first", () => {
  expect(graph.history()).toEqual(["b2", "d2", "d1", "c2", "c1", "b1", "a1"]);
});

describe("a range", () => {
  test.each([
    ["a1:b2", ["b2", "b1", "a1"], "has both ends"],
    ["c1:", ["c2", "c1"], "without an upper end goes up to the heads"],
    [":c1", ["c1", "a1"], "without a lower end goes down to base"],
    [":", ["b2", "d2", "d1", "c2", "c1", "b1", "a1"], "without ends is everything"],
    ["base:d1", ["d1", "b1", "a1"], "brings dependencies with it from base"],
    ["right@base:", ["c2", "c1", "a1"], "from a branch's base keeps to its heads"],
    [":right@head", ["c2", "c1", "a1"], "up to a branch's head"],
    ["a1:+1", undefined, "counts from its lower end"],
    ["b1:+1", ["b2", "b1"], "counts from its lower end"],
    ["-1:b2", undefined, "counts down from all heads, of which the upper end must have them"],
    [" a1 : b1 ", ["b1", "a1"], "may have blanks"],
  ])("%s: %j: %s", (range, expected, _why) => {
    if (expected === undefined) expect(() => graph.history({ range })).toThrow();
    else expect(graph.history({ range })).toEqual(expected);
  });

  test("can begin and end at the versions", () => {
    const versions = ["b1", "c1"];
    expect(graph.history({ range: "current:", versions })).toEqual(["b2", "b1", "c2", "c1"]);
    expect(graph.history({ range: ":current", versions })).toEqual(["b1", "c1", "a1"]);
    expect(graph.history({ range: ":current", versions: [] })).toEqual([]);
  });

  test("up to a revision that is above only by a dependency goes by dependencies, where Alembic fails", () => {
    expect(graph.history({ range: "b1:d2" })).toEqual(["d2", "d1", "b1"]);
  });

  test.each([
    ["b2:a1", "E_RANGE_NOT_ANCESTOR"],
    ["b1:c1", "E_RANGE_NOT_ANCESTOR"],
    ["a1", "E_INVALID_TARGET"],
    ["a1:b1:b2", "E_INVALID_TARGET"],
    ["nope:", "E_REVISION_NOT_FOUND"],
    [":head", "E_MULTIPLE_HEADS"],
  ])("%s is refused with %s", (range, code) => {
    expect(() => graph.history({ range })).toThrow(expect.objectContaining({ code }));
  });
});
