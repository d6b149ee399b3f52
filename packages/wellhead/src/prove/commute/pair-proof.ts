import type { RevisionFailure } from "../run-revision.ts";
import type { OrderDifference } from "./compare-orders.ts";

/** What is proved of two or more heads: whether it matters in which order they run. */
export type Verdict = "commute" | "conflict" | "order-dependent";

/** One order, and whether it ran. */
export interface OrderReport {
  readonly order: readonly string[];
  readonly ok: boolean;
  readonly error?: RevisionFailure;
}

/** A statement that may do nothing without a word, and did nothing in one order while it did something in the other. */
export interface SilentStatement {
  readonly revision: string;
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  /** The order in which it did nothing. */
  readonly order: readonly string[];
}

/** Two heads over their common ancestors, as `prove --json` prints them. */
export interface PairProof {
  readonly heads: readonly [string, string];
  readonly verdict: Verdict;
  readonly orders: readonly [OrderReport, OrderReport];
  /** What the two orders leave otherwise, object by object; the first of each two is the first order's. */
  readonly difference?: readonly OrderDifference[];
  /** What differs is only which ids were drawn from a sequence. */
  readonly onlyIds?: true;
  /** Why it was not run: each touches and names nothing that the other changes. */
  readonly skipped?: true;
  readonly silent?: readonly SilentStatement[];
  /** Heads that fail with nothing but the common ancestors: whatever the other does, they need something else. */
  readonly failsAlone?: readonly string[];
  /** Tables that were left empty, because a head alone fails on the rows that were made up for them. */
  readonly withoutRows?: readonly string[];
}

/** Three or more heads together: every order of them, or the first two ways to one set of heads that do not agree. */
export interface GroupProof {
  readonly heads: readonly string[];
  readonly verdict: Verdict;
  /** The ways that do not agree; the one that failed, or both. */
  readonly orders?: readonly OrderReport[];
  readonly difference?: readonly OrderDifference[];
  readonly onlyIds?: true;
}
