import type { RevisionInput } from "wellhead/graph";

/**
 * A history as a team leaves it: a handful of lines at a time that fork, go on and are merged, now and then a new
 * base, a label, a dependency on some earlier revision. The same seed gives the same history; load order is random, as
 * it is with generated ids.
 */
export function randomHistory(size: number, seed = 1): RevisionInput[] {
  const random = generator(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const take = (from: number[]): number => from.splice(below(from.length), 1)[0] ?? 0;
  const revisions: RevisionInput[] = [];
  const tips: number[] = [];
  for (let number = 0; number < size; number++) {
    const chance = random();
    const parents: number[] = [];
    if (tips.length === 0 || (chance < 0.001 && number > 10)) {
      // A base.
    } else if (chance < 0.1 && tips.length > 1) {
      parents.push(take(tips), take(tips));
    } else if (chance < 0.19) {
      parents.push(Math.max(0, number - 1 - below(20)));
      if (tips.includes(parents[0] ?? 0)) tips.splice(tips.indexOf(parents[0] ?? 0), 1);
    } else {
      parents.push(take(tips));
    }
    tips.push(number);
    revisions.push({
      revision: idOf(number),
      revises: parents.map(idOf),
      dependsOn: random() < 0.02 && number > 0 ? [idOf(below(number))] : [],
      labels: number % Math.ceil(size / 10) === 0 ? [`label${number}`] : [],
      message: `change number ${number}`,
    });
  }
  return revisions.toSorted((a, b) => (a.revision < b.revision ? -1 : 1));
}

/** Twelve hexadecimal digits that look random and differ for every number: an odd factor modulo 2^48. */
function idOf(number: number): string {
  return ((BigInt(number + 1) * 0x5deece66dn) % (1n << 48n)).toString(16).padStart(12, "0");
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
