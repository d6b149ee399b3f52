import type { RevisionGraph } from "../revision-graph.ts";
import { graphDocument } from "./document.ts";
import { marksOf } from "./marks.ts";
import type { DrawingOptions } from "./options.ts";

/**
 * The graph as a Mermaid flowchart, older revisions on top; dependencies are dotted.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function drawMermaid(graph: RevisionGraph, options: DrawingOptions = {}): string {
  const { revisions, edges, current } = graphDocument(graph, options);
  const oldestFirst = revisions.toReversed();
  const names = new Map(oldestFirst.map(({ revision }, index) => [String(revision), `r${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const lines = [
    "flowchart TD",
    ...oldestFirst.map((revision) => {
      const text = [revision.revision, ...marksOf(revision, current), revision.message].filter(Boolean);
      return `  ${nameOf(revision.revision)}["${text.map(escaped).join("<br>")}"]`;
    }),
    ...edges
      .toReversed()
      .map(({ from, to, kind }) => `  ${nameOf(to)} ${kind === "revises" ? "-->" : "-.->"} ${nameOf(from)}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Every sign that is not plain becomes its number, which Mermaid writes as `#35;`. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,()/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
