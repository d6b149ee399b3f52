import type { RevisionInput } from "wellhead/graph";

/**
 * The order of section 5 of Alembic's semantics as it is told there, with every ancestor set written out: slow, and
 * plain enough to be believed. The graph's own order is held against it.
 */
export function referenceOrder(
  revisions: readonly RevisionInput[],
  wanted: ReadonlySet<string>,
  tips: readonly string[],
): string[] {
  const down = normalizedDown(revisions);
  const todo = new Set(wanted);
  const heads = revisions.map(({ revision }) => revision).filter((id) => tips.includes(id) && todo.has(id));
  const sets = heads.map((head) => ancestorsOf(head, down));
  const order: string[] = [];
  let cursor = 0;
  while (heads.length > 0) {
    const candidate = heads[cursor]!;
    const other = sets.findIndex((set, place) => place !== cursor && set.has(candidate));
    if (other !== -1) {
      cursor = other;
      continue;
    }
    if (todo.delete(candidate)) order.push(candidate);
    const [first, ...others] = down.get(candidate)!.filter((id) => todo.has(id) && !heads.includes(id));
    if (first === undefined) {
      heads.splice(cursor, 1);
      sets.splice(cursor, 1);
      cursor = Math.max(cursor - 1, 0);
    } else {
      heads.splice(cursor, 1, first);
      sets.splice(cursor, 1, ancestorsOf(first, down));
      heads.push(...others);
      sets.push(...others.map((id) => ancestorsOf(id, down)));
    }
  }
  return order;
}

/** Down revisions, then in load order the dependencies that no ancestor by `revises` has already. */
export function normalizedDown(revisions: readonly RevisionInput[]): Map<string, string[]> {
  const ids = revisions.map(({ revision }) => revision);
  const owner = new Map(
    revisions.flatMap(({ revision, labels = [] }) => labels.map((label) => [label, revision])),
  );
  const revises = new Map(revisions.map(({ revision, revises = [] }) => [revision, [...revises]]));
  const needs = new Map(
    revisions.map(({ revision, dependsOn = [] }) => [
      revision,
      dependsOn.map((name) => owner.get(name) ?? name),
    ]),
  );
  return new Map(
    ids.map((id) => {
      const below = [...ancestorsOf(id, revises)].filter((ancestor) => ancestor !== id);
      const known = new Set(below.flatMap((ancestor) => needs.get(ancestor)!));
      const own = ids.filter((other) => needs.get(id)!.includes(other) && !known.has(other));
      return [id, [...new Set([...revises.get(id)!, ...own])]];
    }),
  );
}

/** A revision and all that it leads to. */
export function ancestorsOf(id: string, down: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([id]);
  for (const each of found) for (const parent of down.get(each)!) found.add(parent);
  return found;
}
