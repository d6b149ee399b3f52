import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RevisionGraph, WellheadError, type RebasePlan } from "wellhead/graph";

import { arbitraryGraph } from "./arbitrary-graph.ts";
import { graphOf } from "./graphs.ts";

//        ┌ b1 ─ b2
// a1 ────┤
//        └ x1 ─ x2 ─ x3
const fork = graphOf({ a1: "", b1: "a1", b2: "b1", x1: "a1", x2: "x1", x3: "x2" });

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

describe("a rebase", () => {
  test.each(["x1", "x2", "x3"])("named by %s moves the whole line from where it left the target's", (id) => {
    expect(fork.rebase(id, { onto: "b2" })).toEqual({
      onto: ["b2"],
      moved: ["x1", "x2", "x3"],
      changes: [{ revision: "x1", from: ["a1"], to: ["b2"] }],
    });
  });

  test("onto a revision below it takes that revision off its line", () => {
    expect(fork.rebase("x2", { onto: "a1" }).changes).toEqual([{ revision: "x2", from: ["x1"], to: ["a1"] }]);
    expect(fork.rebase("x2", { onto: "base" })).toEqual({
      onto: [],
      moved: ["x2", "x3"],
      changes: [{ revision: "x2", from: ["x1"], to: [] }],
    });
  });

  test("has nothing to change where all is so already", () => {
    expect(fork.rebase("x1", { onto: "a1" }).changes).toEqual([]);
  });

  test("moves several lines, and a line with a base of its own", () => {
    const graph = graphOf({ a1: "", b1: "a1", c1: "a1", d1: "[dd]", d2: "d1" });
    expect(graph.rebase(["c1", "dd@head"], { onto: "b1" }).changes).toEqual([
      { revision: "c1", from: ["a1"], to: ["b1"] },
      { revision: "d1", from: [], to: ["b1"] },
    ]);
  });

  test("leaves a merge of the line with its target one parent", () => {
    const graph = graphOf({ a1: "", b1: "a1", x1: "a1", m1: "b1 x1", y1: "m1", z1: "a1", m2: "z1 x1" });
    expect(graph.rebase("x1", { onto: "b1" })).toEqual({
      onto: ["b1"],
      moved: ["x1", "m1", "y1", "m2"],
      changes: [
        { revision: "x1", from: ["a1"], to: ["b1"] },
        { revision: "m1", from: ["b1", "x1"], to: ["x1"] },
      ],
    });
  });

  test("goes onto several heads, which it then closes", () => {
    const graph = graphOf({ a1: "", b1: "a1", c1: "a1", x1: "a1" });
    expect(() => graph.rebase("x1", { onto: "heads" })).toThrow(code("E_INVALID_TARGET"));
    expect(() => graph.rebase("x1", { onto: "head" })).toThrow(code("E_MULTIPLE_HEADS"));
  });

  test("onto itself or what builds on it is refused", () => {
    expect(() => fork.rebase("x1", { onto: "x1" })).toThrow(/onto itself/);
    expect(() => fork.rebase("x1", { onto: "x3" })).toThrow(/builds on it/);
    expect(() => fork.rebase("nowhere", { onto: "x3" })).toThrow(code("E_REVISION_NOT_FOUND"));
  });

  test("puts the target below the revision, and changes nothing below what does not move", () => {
    fc.assert(
      fc.property(arbitraryGraph({ dependencies: false }), fc.nat(), fc.nat(), (revisions, from, to) => {
        const moved = revisions[from % revisions.length]?.revision;
        const onto = revisions[to % revisions.length]?.revision;
        fc.pre(moved !== undefined && onto !== undefined);
        const graph = RevisionGraph.of(revisions);
        const plan = planOrRefusal(graph, moved, onto);
        if (plan === undefined) {
          expect(below(graph, onto)).toContain(moved);
          return;
        }
        const changed = new Map(plan.changes.map((change) => [String(change.revision), change.to]));
        const after = RevisionGraph.of(
          revisions.map((each) => ({ ...each, revises: changed.get(each.revision) ?? each.revises })),
        );
        expect(below(after, moved)).toContain(onto);
        for (const { revision } of revisions) {
          if (!plan.moved.some((id) => id === revision))
            expect(below(after, revision)).toEqual(below(graph, revision));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The revision and all its ancestors. */
function below(graph: RevisionGraph, id: string): ReadonlySet<string> {
  const found = new Set<string>([id]);
  for (const each of found) for (const parent of graph.get(each).revises) found.add(parent);
  return found;
}

function planOrRefusal(graph: RevisionGraph, moved: string, onto: string): RebasePlan | undefined {
  try {
    return graph.rebase(moved, { onto });
  } catch (error) {
    if (error instanceof WellheadError && error.code === "E_INVALID_TARGET") return undefined;
    throw error;
  }
}
