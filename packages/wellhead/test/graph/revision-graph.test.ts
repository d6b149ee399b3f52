import { RevisionGraph } from "wellhead/graph";
import { describe, expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

// a1 - a2 - m1 - h1
//    \ b1 /    \ h2
// d1 (depends on h1)
const graph = graphOf({ a1: "", a2: "a1", b1: "a1", m1: "a2 b1", h1: "m1", h2: "m1", d1: "(h1)" });

test("a head is what nothing revises, also when something depends on it", () => {
  expect(graph.heads()).toEqual(["h1", "h2", "d1"]);
  expect(graph.heads({ resolveDependencies: true })).toEqual(["h2", "d1"]);
});

test("a base revises nothing", () => {
  expect(graph.bases()).toEqual(["a1", "d1"]);
});

test("a branch point is revised by several, and the points come newest first", () => {
  expect(graph.branchPoints()).toEqual(["m1", "a1"]);
});

test("a merge point revises several", () => {
  expect(graph.mergePoints()).toEqual(["m1"]);
});

test("an empty graph has no heads, no bases and an empty history", () => {
  const empty = RevisionGraph.of([]);
  expect([empty.size, empty.heads(), empty.bases(), empty.history(), empty.labels()]).toEqual([
    0,
    [],
    [],
    [],
    {},
  ]);
});

describe("a revision", () => {
  test("knows what its file declares and what follows from its place", () => {
    expect(graph.get("m1")).toEqual({
      revision: "m1",
      revises: ["a2", "b1"],
      dependsOn: [],
      labels: [],
      message: "about m1",
      path: "migrations/m1.sql",
      isHead: false,
      isRealHead: false,
      isBase: false,
      isBranchPoint: true,
      isRealBranchPoint: true,
      isMergePoint: true,
      next: ["h1", "h2"],
      allNext: ["h1", "h2"],
      resolvedDependsOn: [],
      normalizedDown: ["a2", "b1"],
      branchLabels: [],
    });
  });

  test("that something depends on is a head but no real head", () => {
    expect(graph.get("h1")).toMatchObject({ isHead: true, isRealHead: false, next: [], allNext: ["d1"] });
  });

  test("with lists left out has empty ones", () => {
    const [only] = RevisionGraph.of([{ revision: "a" }]).revisions();
    expect(only).toMatchObject({ revises: [], dependsOn: [], labels: [], message: "", path: undefined });
  });
});

test("a dependency on a label is one on the revision that declares it, not on the head of its branch", () => {
  const graph = graphOf({ a1: "[users]", a2: "a1", b1: "(users)" });
  expect(graph.get("b1")).toMatchObject({ dependsOn: ["users"], resolvedDependsOn: ["a1"] });
});

test("a dependency that an ancestor has already says nothing new", () => {
  const graph = graphOf({ a1: "", b1: "(a1)", b2: "b1 (a1)", b3: "b2 (a1)" });
  expect(graph.get("b3")).toMatchObject({ resolvedDependsOn: ["a1"], normalizedDown: ["b2"] });
});

test("a dependency on an ancestor stays", () => {
  const graph = graphOf({ a1: "", a2: "a1", a3: "a2 (a1)" });
  expect(graph.get("a3").normalizedDown).toEqual(["a2", "a1"]);
});

describe("current", () => {
  test("shows the versions", () => {
    expect(graph.current(["h2", "a2"])).toEqual(["h2"]);
  });

  test("shows also a revision that has no row because something that depends on it has one", () => {
    expect(graph.current(["d1"])).toEqual(["d1", "h1"]);
  });
});

test("ids of any length are fine in a graph", () => {
  const long = "a".repeat(50);
  expect(RevisionGraph.of([{ revision: long }]).heads()).toEqual([long]);
});
