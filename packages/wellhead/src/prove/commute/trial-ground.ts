import { runAlone, type Alone, type OrderRunner } from "./alone.ts";
import type { Branch } from "./branch.ts";
import type { RunAgain } from "./compare-orders.ts";
import { areDisjoint, reachOf, type Reach } from "./disjoint.ts";
import type { Ground } from "./ground.ts";
import { judgePair } from "./judge-pair.ts";
import type { PairProof } from "./pair-proof.ts";
import { failsForWantOfCommit } from "./run-order.ts";

/** A pair, judged. */
interface JudgedPair {
  readonly proof: PairProof;
  /** An order failed only because nothing was committed between its revisions. */
  readonly wantsCommit: boolean;
}

/** What a head did alone. */
interface KnownHead {
  readonly alone: Alone;
  /** How far it reaches; undefined where it does not run, or not on the rows that were made up. */
  readonly reach: Reach | undefined;
}

/** A ground on which orders are run, and what each head did alone. */
export class TrialGround {
  readonly ground: Ground;
  readonly run: RunAgain;
  readonly #runner: OrderRunner;
  readonly #alone = new Map<Branch, KnownHead>();

  constructor(ground: Ground, runner: OrderRunner) {
    this.ground = ground;
    this.run = runner.run;
    this.#runner = runner;
  }

  async judge([one, other]: readonly [Branch, Branch]): Promise<JudgedPair> {
    const both = [await this.alone(one), await this.alone(other)] as const;
    const [first, second] = both;
    if (first.reach !== undefined && second.reach !== undefined && areDisjoint(first.reach, second.reach)) {
      return { proof: skippedPair(one, other), wantsCommit: false };
    }
    const { ground, run } = this;
    const withoutRows = this.emptiedFor(both);
    const { proof, outcomes } = await judgePair([one, other], { ground, run, withoutRows });
    const failing = both.flatMap(({ alone: { outcome } }) =>
      outcome.kind === "failed" ? [outcome.head] : [],
    );
    // Of a head that runs without rows no better, the rows are not the trouble.
    const told = this.emptiedFor(both.filter(({ alone }) => alone.outcome.kind === "done"));
    return {
      proof: {
        ...proof,
        ...(failing.length > 0 && { failsAlone: failing }),
        ...(told.length > 0 && { withoutRows: told }),
      },
      wantsCommit: outcomes.some(failsForWantOfCommit),
    };
  }

  /** The filled tables that are emptied for these heads. */
  emptiedFor(heads: readonly Pick<KnownHead, "alone">[]): readonly string[] {
    const emptied = new Set(heads.flatMap(({ alone }) => alone.withoutRows));
    return this.ground.filled.filter((table) => emptied.has(table));
  }

  async alone(branch: Branch): Promise<KnownHead> {
    const known = this.#alone.get(branch);
    if (known !== undefined) return known;
    const alone = await runAlone(branch, this.ground, this.#runner);
    const { outcome, withoutRows } = alone;
    // Rows that were taken away are part of what it touched.
    const reach =
      outcome.kind === "done" && withoutRows.length === 0
        ? reachOf(branch, outcome.state, this.ground)
        : undefined;
    const found = { alone, reach };
    this.#alone.set(branch, found);
    return found;
  }
}

function skippedPair(one: Branch, other: Branch): PairProof {
  return {
    heads: [one.head, other.head],
    verdict: "commute",
    orders: [
      { order: [one.head, other.head], ok: true },
      { order: [other.head, one.head], ok: true },
    ],
    skipped: true,
  };
}
