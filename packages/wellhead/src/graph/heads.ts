import type { Index } from "./edges.ts";
import { MultipleHeadsError } from "./errors.ts";
import { labelsAt } from "./labels.ts";
import { idAt, idsAt, type Links } from "./links.ts";

/** Revisions that nothing revises, in load order. */
export function headsOf(links: Links): Index[] {
  return indexesWhere(links, (index) => links.next.count(index) === 0);
}

/** Revisions that nothing revises and nothing depends on, in load order. */
export function realHeadsOf(links: Links): Index[] {
  return indexesWhere(links, (index) => links.allNext.count(index) === 0);
}

/** Revisions that revise nothing, in load order. */
export function basesOf(links: Links): Index[] {
  return indexesWhere(links, (index) => links.down.count(index) === 0);
}

/** All indexes for which a claim holds, in load order. */
export function indexesWhere(links: Links, holds: (index: Index) => boolean): Index[] {
  const indexes: Index[] = [];
  for (let index = 0; index < links.size; index++) if (holds(index)) indexes.push(index);
  return indexes;
}

/** The error for a target that has to be one head and could be several: names them and what to say instead. */
export function multipleHeads(links: Links, target: string, heads: readonly Index[]): MultipleHeadsError {
  const ids = idsAt(links, heads);
  const narrow = ownBranch(links, heads) ?? ids[0] ?? "";
  return new MultipleHeadsError(target, ids, {
    heads: heads.map((head) => withLabels(links, head)),
    ...dependencyNote(links, heads),
    hint: `name one (\`${narrow}@head\`), take all (\`heads\`), or join them (\`merge ${ids.slice(0, 3).join(" ")}\`)`,
  });
}

/** A label that only one of the heads carries. */
function ownBranch(links: Links, heads: readonly Index[]): string | undefined {
  const labels = heads.flatMap((head) => labelsAt(links, head));
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.find((label) => counts.get(label) === 1);
}

function withLabels(links: Links, head: Index): string {
  const labels = labelsAt(links, head);
  return labels.length === 0 ? idAt(links, head) : `${idAt(links, head)} (${labels.join(", ")})`;
}

/** A head that others depend on counts for `head` but not for `heads`: say so, since that surprises. */
function dependencyNote(links: Links, heads: readonly Index[]): { note?: string } {
  const covered = heads.find((head) => links.allNext.count(head) > 0);
  if (covered === undefined) return {};
  const [dependant] = idsAt(links, links.allNext.of(covered));
  return {
    note: `${dependant} depends on ${idAt(links, covered)}, which therefore counts for "head" and not for "heads".`,
  };
}
