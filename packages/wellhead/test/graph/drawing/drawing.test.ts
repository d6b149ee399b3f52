import { drawDot, drawMermaid, drawText, graphDocument, RevisionGraph } from "wellhead/graph";
import { describe, expect, test } from "vitest";

import { inputsOf, readCases } from "../alembic-fixtures.ts";

//  a ── b ── d ── e
//   └── c ──┘
//  x (depends on c)
const graph = RevisionGraph.of([
  { revision: "a", message: "the first" },
  { revision: "b", revises: ["a"] },
  { revision: "c", revises: ["a"], labels: ["side"] },
  { revision: "d", revises: ["b", "c"] },
  { revision: "e", revises: ["d"], message: 'says "hello" & \\ bye' },
  { revision: "x", dependsOn: ["c"] },
]);

test("the text shows splits and joins, heads, labels, dependencies and where the database stands", () => {
  expect(drawText(graph, { current: ["b"] })).toBe(
    [
      '* e (side) (head), says "hello" & \\ bye',
      "* d (side) (mergepoint)",
      "|\\",
      "* | b (current)",
      "| | * x (head) (depends on c)",
      "| * c (side)",
      "|/",
      "* a (branchpoint), the first",
      "",
    ].join("\n"),
  );
});

test("Mermaid's own signs in a message are escaped, dependencies are dotted", () => {
  const drawing = drawMermaid(graph);
  expect(drawing).toMatch(/^flowchart TD\n/);
  expect(drawing).toContain("says #34;hello#34; #38; #92; bye");
  expect(drawing.match(/-\.->/g)).toHaveLength(1);
  expect(drawing.match(/-->/g)).toHaveLength(5);
});

test("dot quotes what stands in a message", () => {
  expect(drawDot(graph)).toContain('"e" [label="e\\n(side)\\nhead\\nsays \\"hello\\" & \\\\ bye"];');
  expect(drawDot(graph)).toContain('"c" -> "x" [style=dashed];');
});

test("the document has every edge with its kind", () => {
  const { edges, heads } = graphDocument(graph);
  expect(edges).toContainEqual({ from: "d", to: "c", kind: "revises" });
  expect(edges).toContainEqual({ from: "x", to: "c", kind: "dependsOn" });
  expect(heads).toEqual(["e", "x"]);
});

describe("every recorded graph is drawn", () => {
  const cases = ["handmade", "random"]
    .flatMap((prefix) => readCases(prefix))
    .filter(({ load }) => load === undefined);

  test(`with each revision once, and no line left open (${cases.length} graphs)`, () => {
    for (const fixture of cases) {
      const each = RevisionGraph.of(inputsOf(fixture));
      const lines = drawText(each)
        .split("\n")
        .filter((line) => line.includes("*"));
      const ids = lines.map((line) => /\* (?:[|] )*(\S.*?)(?: \(|,|$)/.exec(line)?.[1]);
      expect(ids, fixture.name).toEqual(each.history().map(String));
      expect(drawMermaid(each).match(/^ {2}r\d+\["/gm) ?? [], fixture.name).toHaveLength(ids.length);
      expect(drawDot(each).match(/ \[label=/g) ?? [], fixture.name).toHaveLength(ids.length);
    }
  });
});
