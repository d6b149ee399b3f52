import { describe, expect, test } from "vitest";

import { graphProblems } from "../../../src/cli/check/graph-problems.ts";
import type { RevisionInput } from "../../../src/graph/index.ts";

describe("what keeps revisions from being a graph", () => {
  test("is nothing where they are one", () => {
    expect(codes({ revision: "a" }, { revision: "b", revises: ["a"] })).toEqual([]);
    expect(codes()).toEqual([]);
  });

  test("is told all at once, not the first problem only", () => {
    expect(
      codes(
        { revision: "a" },
        { revision: "a" },
        { revision: "b", revises: ["nowhere", "a"] },
        { revision: "c", dependsOn: ["neverland"] },
        { revision: "d", revises: ["d"] },
        { revision: "x-y" },
        { revision: "e", revises: ["x-y"] },
        { revision: "f", labels: ["one"] },
        { revision: "g", labels: ["one"] },
        { revision: "h", dependsOn: ["h"] },
      ),
    ).toEqual([
      "E_DEPENDENCY_SELF_LOOP",
      "E_DUPLICATE_LABEL",
      "E_DUPLICATE_REVISION",
      "E_INVALID_REVISION_ID",
      "E_MISSING_DEPENDENCY",
      "E_MISSING_PARENT",
      "E_SELF_LOOP",
    ]);
  });

  test("two circles are two problems, and so are two missing parents of one revision", () => {
    expect(
      codes(
        { revision: "a", revises: ["b"] },
        { revision: "b", revises: ["a"] },
        { revision: "c", revises: ["d"] },
        { revision: "d", dependsOn: ["c"] },
        { revision: "e", revises: ["m", "n"] },
      ),
    ).toEqual(["E_CYCLE", "E_DEPENDENCY_CYCLE", "E_MISSING_PARENT", "E_MISSING_PARENT"]);
  });

  test("a circle through a label is one", () => {
    expect(
      codes({ revision: "a", labels: ["one"], revises: ["b"] }, { revision: "b", dependsOn: ["one"] }),
    ).toEqual(["E_DEPENDENCY_CYCLE"]);
  });

  test("ends, however much is wrong", () => {
    const all = Array.from({ length: 200 }, (_, index) => ({ revision: `r${index}`, revises: ["gone"] }));
    expect(codes(...all).length).toBeLessThan(100);
  });
});

function codes(...revisions: readonly RevisionInput[]): string[] {
  return graphProblems(revisions)
    .map((problem) => problem.code)
    .toSorted();
}
