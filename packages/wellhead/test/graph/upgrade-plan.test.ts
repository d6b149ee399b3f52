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
  expect(diamond.planUpgrade({ from: [], to: "b1" })).toEqual([
    { direction: "upgrade", revision: "a1", versionsAfter: ["a1"] },
    { direction: "upgrade", revision: "b1", versionsAfter: ["b1"] },
  ]);
});

test("the versions fork and join as the graph does", () => {
  expect(brief(diamond.planUpgrade({ from: [], to: "heads" }))).toEqual([
    "a1: a1",
    "c1: c1",
    "c2: c2",
    "b1: b1 c2",
    "b2: b2 c2",
    "m1: m1",
  ]);
});

test("the versions can be read in any order", () => {
  const steps = diamond.planUpgrade({ from: [], to: "heads" });
  expect(steps[4]!.versionsAfter).toEqual(["b2", "c2"]);
  expect(steps[0]!.versionsAfter).toEqual(["a1"]);
  expect(steps[5]!.versionsAfter).toEqual(["m1"]);
});

test("a plan is plain data for JSON and for spreading", () => {
  const [step] = diamond.planUpgrade({ from: [], to: "a1" });
  expect(JSON.parse(JSON.stringify(step))).toEqual({
    direction: "upgrade",
    revision: "a1",
    versionsAfter: ["a1"],
  });
  expect({ ...step }).toEqual(step);
});

test("the default target is heads", () => {
  expect(diamond.planUpgrade({ from: ["b2", "c2"] }).map(({ revision }) => revision)).toEqual(["m1"]);
});

test("what is applied already is not run again", () => {
  expect(brief(diamond.planUpgrade({ from: ["c1"], to: "m1" }))).toEqual([
    "c2: c2",
    "b1: b1 c2",
    "b2: b2 c2",
    "m1: m1",
  ]);
});

test("an upgrade to something older is an empty plan", () => {
  expect(diamond.planUpgrade({ from: ["m1"], to: "a1" })).toEqual([]);
  expect(diamond.planUpgrade({ from: ["m1"], to: "base" })).toEqual([]);
});

test("several targets are upgraded to together", () => {
  expect(brief(diamond.planUpgrade({ from: ["a1"], to: ["b1", "c1"] }))).toEqual(["c1: c1", "b1: b1 c1"]);
});

test("a dependency is applied first, and its row is taken over", () => {
  const graph = graphOf({ a1: "", a2: "a1", d1: "(a2)" });
  expect(brief(graph.planUpgrade({ from: [], to: "d1" }))).toEqual(["a1: a1", "a2: a2", "d1: d1"]);
});

test("a merge of revisions of which one comes before the other leaves one row, where Alembic fails", () => {
  const graph = graphOf({ a1: "", a2: "a1", a3: "a2", m1: "a1 a3", z1: "" });
  expect(brief(graph.planUpgrade({ from: ["a3", "z1"], to: "m1" }))).toEqual(["m1: m1 z1"]);
});

describe("steps up", () => {
  test.each([
    ["+2", ["a1"], "The start is the row, and the way must not fork.", undefined],
    ["left@+1", ["a1"], "On a branch it does not.", ["b1: b1"]],
    ["left@+2", ["a1"], "", ["b1: b1", "b2: b2"]],
    ["left@+1", ["b1", "c1"], "Of several rows the one on the branch.", ["b2: b2 c1"]],
    ["right@+1", ["b2"], "Without a row there: from the newest applied that leads there.", ["c1: b2 c1"]],
    ["+1", [], "From nothing: the base.", ["a1: a1"]],
    ["b1+1", [], "From a revision, whatever the rows.", ["a1: a1", "b1: b1", "b2: b2"]],
    ["m1-2", [], "Down from one that has one parent.", undefined],
    ["b2-1", [], "", ["a1: a1", "b1: b1"]],
    ["left@b1+1", ["a1"], "", ["b1: b1", "b2: b2"]],
  ])("%s from %j. %s", (to, from, _why, steps) => {
    const plan = (): string[] => brief(diamond.planUpgrade({ from, to }));
    if (steps === undefined) expect(plan).toThrow(expect.objectContaining({ code: "E_AMBIGUOUS_WALK" }));
    else expect(plan()).toEqual(steps);
  });
});
