import type { Index } from "./edges.ts";
import type { Links } from "./links.ts";
import { descendants, marked } from "./reach.ts";

const computed = new WeakMap<Links, readonly (readonly string[])[]>();

/**
 * For each revision the labels it carries, sorted: those it declares and those of the branches it belongs to.
 *
 * A label belongs to the revision that declares it and to all that descends from it by `revises`. It also belongs to
 * ancestors as far as there is one straight line without forks from them up to the only tip.
 */
function branchLabels(links: Links): readonly (readonly string[])[] {
  const known = computed.get(links);
  if (known !== undefined) return known;
  const labels = propagate(links);
  computed.set(links, labels);
  return labels;
}

/** The labels that one revision carries, sorted. */
export function labelsAt(links: Links, index: Index): readonly string[] {
  return branchLabels(links)[index] ?? [];
}

function propagate(links: Links): readonly (readonly string[])[] {
  const labels: string[][] = links.declarations.map(() => []);
  for (const [label, declaring] of [...links.indexOfLabel].toSorted(byName)) {
    for (const index of carriers(links, declaring)) labels[index]?.push(label);
  }
  return labels;
}

function byName([a]: readonly [string, Index], [b]: readonly [string, Index]): number {
  return a < b ? -1 : 1;
}

/** Who carries the label that a revision declares. */
function carriers(links: Links, declaring: Index): Index[] {
  const above = marked(descendants(links, [declaring], "revises"));
  const line = straightLineUp(links, declaring);
  return line === undefined ? above : [...above, ...straightLineDown(links, declaring)];
}

/** The line from a revision to its only tip, when nothing forks off it and nothing joins it. */
function straightLineUp(links: Links, start: Index): Index | undefined {
  let index: Index | undefined = start;
  while (index !== undefined && !endsLabel(links, index)) {
    const child = links.next.first(index);
    if (child === undefined) return index;
    index = child;
  }
  return undefined;
}

/** The ancestors of a revision up to, and without, the first that forks or merges. */
function straightLineDown(links: Links, start: Index): Index[] {
  const line: Index[] = [];
  let index = links.down.first(start);
  while (index !== undefined && !endsLabel(links, index)) {
    line.push(index);
    index = links.down.first(index);
  }
  return line;
}

/** A branch point, counting dependencies, or a merge point. */
function endsLabel(links: Links, index: Index): boolean {
  return links.allNext.count(index) > 1 || links.down.count(index) > 1;
}
