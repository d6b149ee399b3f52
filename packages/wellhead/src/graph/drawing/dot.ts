import type { RevisionGraph } from "../revision-graph.ts";
import { graphDocument } from "./document.ts";
import { marksOf } from "./marks.ts";
import type { DrawingOptions } from "./options.ts";

/**
 * The graph in Graphviz' language, older revisions on top; dependencies are dashed.
 *
 * @see https://graphviz.org/doc/info/lang.html
 */
export function drawDot(graph: RevisionGraph, options: DrawingOptions = {}): string {
  const { revisions, edges, current } = graphDocument(graph, options);
  const lines = [
    "digraph revisions {",
    "  node [shape=box];",
    ...revisions.toReversed().map((revision) => {
      const text = [revision.revision, ...marksOf(revision, current), revision.message].filter(Boolean);
      return `  ${quoted(revision.revision)} [label=${quoted(text.join("\n"))}];`;
    }),
    ...edges
      .toReversed()
      .map(
        ({ from, to, kind }) =>
          `  ${quoted(to)} -> ${quoted(from)}${kind === "revises" ? "" : " [style=dashed]"};`,
      ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
