/** How two heads behave towards each other, whatever it was that told. */
export interface HeadPair {
  readonly heads: readonly [string, string];
  /** Either order gives the same. */
  readonly commute: boolean;
  /** Whether each order runs: first the first head, or first the second. */
  readonly runs: readonly [boolean, boolean];
  /** Those that do not run without something that neither has. */
  readonly failsAlone?: readonly string[];
}

/** An order in which heads can land, and what each has to be put onto for that; or the heads for which there is none. */
export type QueueOrder =
  | { readonly kind: "order"; readonly order: readonly string[]; readonly moves: readonly HeadMove[] }
  | { readonly kind: "none"; readonly heads: readonly string[] };

/** A head whose line has to begin at others. */
export interface HeadMove {
  readonly head: string;
  readonly onto: readonly string[];
}

/**
 * Finds the order in which heads can land one after the other: of two that clash, the one that has to come first; where
 * both orders run and give different things, the one that stands first in `heads`. Everything else stays as it stands.
 */
export function queueOrder(heads: readonly string[], pairs: readonly HeadPair[]): QueueOrder {
  const before = new Map(heads.map((head) => [head, new Set<string>()]));
  const helped = helpedHeads(pairs);
  for (const { heads: pair, commute, runs, failsAlone = [] } of pairs) {
    // Beside a third head, one that needs another's work fails in every order: that says nothing about the third.
    const isElsewhere = !runs.includes(true) && failsAlone.some((head) => helped.has(head));
    if (commute || isElsewhere) continue;
    const [first, second] = firstOf(pair, runs, heads);
    if (first === undefined || second === undefined) return { kind: "none", heads: pair };
    before.get(second)?.add(first);
  }
  const order: string[] = [];
  while (order.length < heads.length) {
    const left = heads.filter((head) => !order.includes(head));
    const next = left.find((head) => [...(before.get(head) ?? [])].every((each) => order.includes(each)));
    if (next === undefined) return { kind: "none", heads: left };
    order.push(next);
  }
  const moves = order.flatMap((head) => {
    const onto = order.filter((each) => before.get(head)?.has(each) === true);
    return onto.length === 0 ? [] : [{ head, onto }];
  });
  return { kind: "order", order, moves };
}

/** Heads that fail alone, and run behind another. */
function helpedHeads(pairs: readonly HeadPair[]): ReadonlySet<string> {
  return new Set(
    pairs.flatMap(({ heads: [one, other], runs: [oneFirst, otherFirst], failsAlone = [] }) =>
      failsAlone.filter((head) => (head === other && oneFirst) || (head === one && otherFirst)),
    ),
  );
}

function firstOf(
  [one, other]: HeadPair["heads"],
  [oneFirst, otherFirst]: HeadPair["runs"],
  heads: readonly string[],
): readonly string[] {
  if (oneFirst && otherFirst) return heads.indexOf(one) <= heads.indexOf(other) ? [one, other] : [other, one];
  if (oneFirst) return [one, other];
  return otherFirst ? [other, one] : [];
}
