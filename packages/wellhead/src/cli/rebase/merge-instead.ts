import type { RebasePlan, RevisionGraph } from "../../graph/index.ts";

/** The merge to make instead of a rebase: of the heads of both lines; undefined where these have one head. */
export function mergeInstead(
  graph: RevisionGraph,
  { onto, moved }: Pick<RebasePlan, "onto" | "moved">,
): string | undefined {
  const heads = new Set([...headsAbove(graph, onto), ...headsAbove(graph, moved)]);
  return heads.size < 2 ? undefined : `wellhead merge ${[...heads].join(" ")}`;
}

function headsAbove(graph: RevisionGraph, ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    left.push(...graph.get(id).next);
  }
  return graph.heads().filter((head) => seen.has(head));
}
