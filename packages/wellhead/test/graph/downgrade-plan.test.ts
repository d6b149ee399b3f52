import { describe, expect, test } from "vitest";
import type { Step } from "wellhead/graph";

import { graphOf } from "./graphs.ts";

// a1 - b1[left] - b2 - m1
//    \ c1[right] - c2 /
const diamond = graphOf({ a1: "", b1: "a1 [left]", b2: "b1", c1: "a1 [right]", c2: "c1", m1: "b2 c2" });

function brief(steps: readonly Step[]): string[] {
  return steps.map(({ revision, versionsAfter }) => `${revision}: ${versionsAfter.join(" ")}`);
}

test("a plan gives each step with its direction and the versions after it", () => {
  expect(diamond.planDowngrade({ from: ["b1"], to: "base" })).toEqual([
    { direction: "downgrade", revision: "b1", versionsAfter: ["a1"] },
    { direction: "downgrade", revision: "a1", versionsAfter: [] },
  ]);
});

test("the versions fork and join as the graph does", () => {
  expect(brief(diamond.planDowngrade({ from: ["m1"], to: "base" }))).toEqual([
    "m1: b2 c2",
    "b2: b1 c2",
    "b1: c2",
    "c2: c1",
    "c1: a1",
    "a1: ",
  ]);
});

test("a branch point as the target takes all branches down", () => {
  expect(brief(diamond.planDowngrade({ from: ["b1", "c1"], to: "a1" }))).toEqual(["b1: c1", "c1: a1"]);
});

test("a branch in front of it keeps to that branch", () => {
  expect(brief(diamond.planDowngrade({ from: ["b1", "c1"], to: "left@a1" }))).toEqual(["b1: c1"]);
});

test("what depends on a revision that goes, goes first", () => {
  const graph = graphOf({ a1: "", a2: "a1", d1: "(a2)" });
  expect(brief(graph.planDowngrade({ from: ["d1"], to: "a1" }))).toEqual(["d1: a2", "a2: a1"]);
});

test("a target that is a version itself is an empty plan", () => {
  expect(diamond.planDowngrade({ from: ["b1"], to: "b1" })).toEqual([]);
  expect(diamond.planDowngrade({ from: [], to: "base" })).toEqual([]);
});

describe("steps down", () => {
  test.each([
    ["-1", ["b2"], ["b2: b1"]],
    ["-2", ["b2"], ["b2: b1", "b1: a1"]],
    ["-3", ["b2"], ["b2: b1", "b1: a1", "a1: "]],
    ["-1", ["b2", "c2"], ["b2: b1 c2"]],
    ["-1", ["c2", "b2"], ["c2: b2 c1"]],
    ["left@-1", ["c1", "b2"], ["b2: b1 c1"]],
    ["b2-1", ["b2"], ["b2: b1"]],
    ["a1+1", ["b2"], "E_AMBIGUOUS_WALK"],
    ["left@a1+1", ["b2"], ["b2: b1"]],
    ["-1", ["m1"], "E_AMBIGUOUS_WALK"],
    ["-1", [], "E_INVALID_TARGET"],
    ["-4", ["b2"], "E_INVALID_TARGET"],
    ["+1", ["b2"], "E_INVALID_TARGET"],
    ["right@-1", ["b2"], "E_INVALID_TARGET"],
  ])("%s from %j", (to, from, expected) => {
    const plan = (): string[] => brief(diamond.planDowngrade({ from, to }));
    if (typeof expected === "string") expect(plan).toThrow(expect.objectContaining({ code: expected }));
    else expect(plan()).toEqual(expected);
  });
});
