import { RevisionGraph, type Revision } from "../../graph/index.ts";

/** A drawing of more is not looked at. */
const MOST = 60;

/**
 * The part of a graph in which the heads differ: what is above the revisions that all heads have, and the newest of
 * these; of a single head what it came with last.
 *
 * @returns the part, and how many revisions of the whole are not in it
 */
export function headsGraph(whole: RevisionGraph): { readonly graph: RevisionGraph; readonly left: number } {
  const heads = whole.heads();
  const lines = heads.map((head) => new Set<string>(whole.history({ range: `:${head}` })));
  const isCommon = (id: string): boolean => lines.every((line) => line.has(id));
  const own = whole.history().filter((id) => heads.length === 1 || !isCommon(id));
  const top = own.slice(0, heads.length === 1 ? 5 : MOST);
  const below = top.flatMap((id) => whole.get(id).revises).filter(isCommon);
  const shown = new Set<string>([...top, ...below]);
  const revisions = whole.revisions().filter(({ revision }) => shown.has(revision));
  return {
    graph: RevisionGraph.of(revisions.map((revision) => cutOff(revision, shown))),
    left: whole.size - revisions.length,
  };
}

/** Without what it builds on outside. */
function cutOff({ resolvedDependsOn, ...revision }: Revision, shown: ReadonlySet<string>): Revision {
  return {
    ...revision,
    resolvedDependsOn,
    revises: revision.revises.filter((id) => shown.has(id)),
    dependsOn: resolvedDependsOn.filter((id) => shown.has(id)),
  };
}
