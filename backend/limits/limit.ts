import { hash } from "node:crypto";

/** How often something may be done for one subject: so many times at once, and so many an hour in the long run. */
export interface Limit {
  readonly name: string;
  /** 0: as often as anybody likes. */
  readonly perHour: number;
}

/**
 * The hour that every limit counts in. Of a subject only the time is kept at which all its turns are free again: a
 * turn moves it on by an hour's share, and it may be an hour ahead at most (the generic cell rate algorithm).
 *
 * @see {@link https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm}
 */
export const WINDOW_MS = 3_600_000;

/** One turn, as the store counts it. */
export interface Turn {
  readonly key: string;
  /** How far it moves the time on. */
  readonly costMs: number;
}

/** A turn of the subject. Its key is a hash: addresses and e-mails are nobody's business, and any length fits. */
export function turnOf(limit: Limit, subject: string): Turn {
  const key = hash("sha256", `${limit.name}\n${subject}`);
  return { key, costMs: WINDOW_MS / limit.perHour };
}

/** Where turns are counted. */
export interface TurnStore {
  /** Takes each turn that is free; those that are not, and for how long, in milliseconds. */
  take(turns: readonly Turn[]): Promise<ReadonlyMap<string, number>>;
  giveBack(turns: readonly Turn[]): Promise<void>;
}
