import type { Branch } from "./branch.ts";
import { compareOrders, type RunAgain } from "./compare-orders.ts";
import type { ConditionalEffect } from "./conditional-effects.ts";
import type { Ground } from "./ground.ts";
import type { OrderReport, PairProof, SilentStatement } from "./pair-proof.ts";
import type { OrderOutcome } from "./run-order.ts";

/** What a pair is judged with. */
export interface JudgePairOptions {
  readonly ground: Ground;
  /** Runs an order on the ground. */
  readonly run: RunAgain;
  /** Filled tables to empty before. */
  readonly withoutRows: readonly string[];
}

/** Runs two branches in both orders, and says what came of it. */
export async function judgePair(
  [one, other]: readonly [Branch, Branch],
  { ground, run, withoutRows }: JudgePairOptions,
): Promise<{ readonly proof: PairProof; readonly outcomes: readonly [OrderOutcome, OrderOutcome] }> {
  const orders = [
    [one, other],
    [other, one],
  ] as const;
  const again: RunAgain = async (order, options) => await run(order, { withoutRows, ...options });
  const outcomes = [await again(orders[0], {}), await again(orders[1], {})] as const;
  const heads = [one.head, other.head] as const;
  const reports = [orderReport(orders[0], outcomes[0]), orderReport(orders[1], outcomes[1])] as const;
  const common = { heads, orders: reports };
  const [first, second] = outcomes;
  if (first.kind === "failed" || second.kind === "failed") {
    return { proof: { ...common, verdict: "conflict" }, outcomes };
  }
  const states = [first.state, second.state] as const;
  const { differences, onlyIds } = await compareOrders({ orders, states }, ground, again);
  const silent = silentStatements(orders, [first.state.effects, second.state.effects]);
  const proof: PairProof = {
    ...common,
    verdict: differences.length === 0 ? "commute" : "order-dependent",
    ...(differences.length > 0 && { difference: differences }),
    ...(onlyIds && { onlyIds }),
    ...(silent.length > 0 && { silent }),
  };
  return { proof, outcomes };
}

/** An order as the report tells it. */
export function orderReport(branches: readonly Branch[], outcome: OrderOutcome): OrderReport {
  const order = branches.map(({ head }) => head);
  return outcome.kind === "done" ? { order, ok: true } : { order, ok: false, error: outcome.failure };
}

function silentStatements(
  orders: readonly [readonly Branch[], readonly Branch[]],
  effects: readonly [readonly ConditionalEffect[], readonly ConditionalEffect[]],
): readonly SilentStatement[] {
  return [0, 1].flatMap((index) => {
    const [here = [], there = []] = index === 0 ? effects : effects.toReversed();
    const order = (orders[index] ?? []).map(({ head }) => head);
    return here
      .filter(
        (effect) =>
          !effect.didSomething && there.some((other) => other.didSomething && isSamePlace(other, effect)),
      )
      .map(({ revision, path, line, statement }) => ({ revision, path, line, statement, order }));
  });
}

function isSamePlace(one: ConditionalEffect, other: ConditionalEffect): boolean {
  return one.revision === other.revision && one.line === other.line && one.statement === other.statement;
}
