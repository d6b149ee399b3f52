import type { RevisionGraph } from "../graph/index.ts";

/**
 * What `upgrade heads` would run, oldest first, on a database that has these revisions. Ids that no file declares
 * are passed over, and so is a revision beside its own descendant: both are reported, not run.
 */
export function pendingRevisions(graph: RevisionGraph, applied: readonly string[]): string[] {
  const from = tips(
    graph,
    applied.filter((id) => graph.has(id)),
  );
  return graph.planUpgrade({ from, to: "heads" }).map((step) => step.revision);
}

/**
 * From which revisions on something is pending: the versions. What a version that no file declares stands on cannot be
 * told from the files, so then what the ledger has recorded counts too.
 */
export function appliedRevisions(
  graph: RevisionGraph,
  versions: readonly string[],
  recorded: readonly string[],
): readonly string[] {
  return versions.every((id) => graph.has(id)) ? versions : [...versions, ...recorded];
}

/** These and everything they revise or depend on. */
export function withAncestors(graph: RevisionGraph, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...parents(graph, id));
  }
  return found;
}

/** Those that no other one builds on, in their order. */
function tips(graph: RevisionGraph, ids: readonly string[]): string[] {
  const below = withAncestors(
    graph,
    ids.flatMap((id) => parents(graph, id)),
  );
  return [...new Set(ids)].filter((id) => !below.has(id));
}

function parents(graph: RevisionGraph, id: string): readonly string[] {
  const { revises, resolvedDependsOn } = graph.get(id);
  return [...revises, ...resolvedDependsOn];
}
