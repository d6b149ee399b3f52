import type { RevisionGraph } from "../revision-graph.ts";
import type { Revision } from "../revision.ts";
import type { DrawingOptions } from "./options.ts";

/** The graph as data: what every drawing shows. */
export interface GraphDocument {
  /** Newest first. */
  readonly revisions: readonly Revision[];
  readonly edges: readonly GraphEdge[];
  readonly heads: readonly string[];
  /** The versions that were given. */
  readonly current: readonly string[];
}

export interface GraphEdge {
  /** The revision that revises or depends on the other. */
  readonly from: string;
  readonly to: string;
  readonly kind: "revises" | "dependsOn";
}

/** The graph as nodes and edges, newest first. */
export function graphDocument(graph: RevisionGraph, { current = [] }: DrawingOptions = {}): GraphDocument {
  const revisions = graph.history().map((id) => graph.get(id));
  return { revisions, edges: revisions.flatMap(edgesOf), heads: graph.heads(), current };
}

function edgesOf({ revision, revises, resolvedDependsOn }: Revision): GraphEdge[] {
  return [
    ...revises.map((to): GraphEdge => ({ from: revision, to, kind: "revises" })),
    ...resolvedDependsOn.map((to): GraphEdge => ({ from: revision, to, kind: "dependsOn" })),
  ];
}
