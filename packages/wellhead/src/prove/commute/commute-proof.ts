import type { GroupProof, PairProof } from "./pair-proof.ts";

/** What is proved of heads. */
export interface CommuteProof {
  readonly pairs: readonly PairProof[];
  /** Three heads or more together, where that was asked for or where pairs do not tell all. */
  readonly groups?: readonly GroupProof[];
  /** Pairs of which nobody can tell: what one of them runs, or what it builds on, is not known. */
  readonly unproved?: readonly UnprovedPair[];
  /** Common ancestors of which nobody knows what they run: it is proved without them. */
  readonly leftOut?: readonly string[];
  /** Empty tables that no rows could be made up for: what happens to rows in them is not proved. */
  readonly unfilled: readonly UnfilledTable[];
}

export interface UnprovedPair {
  readonly heads: readonly [string, string];
  /** The revisions that are not known. */
  readonly unseen: readonly string[];
}

export interface UnfilledTable {
  readonly table: string;
  readonly reason: string;
}
