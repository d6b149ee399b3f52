import type { GroupProof, PairProof } from "./pair-proof.ts";

/** What is proved of heads. */
export interface CommuteProof {
  readonly pairs: readonly PairProof[];
  /** Three heads or more together, where that was asked for or where pairs do not tell all. */
  readonly groups?: readonly GroupProof[];
  /** Empty tables that no rows could be made up for: what happens to rows in them is not proved. */
  readonly unfilled: readonly UnfilledTable[];
}

export interface UnfilledTable {
  readonly table: string;
  readonly reason: string;
}
