import type { Action, FactBase, StableId } from "@supabase/pg-delta";

/** What a plan leads from and to, and how pg-delta names an object in one word. */
export interface PlanSides {
  readonly source: FactBase;
  readonly desired: FactBase;
  readonly keyOf: (id: StableId) => string;
}

/** What a statement is about. */
export function subjectOf({ produces, destroys, consumes }: Action): StableId | undefined {
  return produces[0] ?? destroys[0] ?? consumes[0];
}

/**
 * For each statement the ones that must stay before it. Two statements keep their order when one makes, changes or
 * drops what the other is about or needs, as the catalogues of both sides have it. No others are bound.
 */
export function statementsBefore(
  actions: readonly Action[],
  { source, desired, keyOf }: PlanSides,
): readonly Set<number>[] {
  const before = actions.map(() => new Set<number>());
  const relate = (one: number, other: number): void => {
    if (one !== other) before[Math.max(one, other)]?.add(Math.min(one, other));
  };
  const makers = indexed(actions, ({ produces, destroys }) => [...produces, ...destroys].map(keyOf));
  const made = new Set(actions.flatMap(({ produces }) => produces.map(keyOf)));
  const changers = indexed(actions, ({ verb, consumes: [changed] }) =>
    verb === "alter" && changed !== undefined && !made.has(keyOf(changed)) ? [keyOf(changed)] : [],
  );
  const lastAbout = new Map<string, number>();
  for (const [index, action] of actions.entries()) {
    const { produces, consumes, destroys, releases } = action;
    const parents = destroys.flatMap((id) => source.get(id)?.parent ?? []);
    for (const id of [...produces, ...consumes, ...destroys, ...releases, ...parents])
      for (const maker of makers.get(keyOf(id)) ?? []) relate(index, maker);
    const needed = [
      ...produces.flatMap((id) => desired.outgoingEdges(id)),
      ...destroys.flatMap((id) => source.outgoingEdges(id)),
    ].map(({ to }) => keyOf(to));
    for (const key of needed)
      for (const other of [...(makers.get(key) ?? []), ...(changers.get(key) ?? [])]) relate(index, other);
    const subject = subjectOf(action);
    if (subject === undefined) continue;
    const last = lastAbout.get(keyOf(subject));
    if (last !== undefined) relate(index, last);
    lastAbout.set(keyOf(subject), index);
  }
  return before;
}

function indexed(
  actions: readonly Action[],
  keysOf: (action: Action) => readonly string[],
): ReadonlyMap<string, readonly number[]> {
  const result = new Map<string, number[]>();
  for (const [index, action] of actions.entries())
    for (const key of keysOf(action)) result.set(key, [...(result.get(key) ?? []), index]);
  return result;
}
