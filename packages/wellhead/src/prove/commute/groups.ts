import type { Branch } from "./branch.ts";
import { dependsOnRows } from "./branch.ts";
import { compareOrders, type RunAgain } from "./compare-orders.ts";
import type { Ground } from "./ground.ts";
import { orderReport } from "./judge-pair.ts";
import type { GroupProof } from "./pair-proof.ts";
import type { OrderState } from "./run-order.ts";

/** With more heads the number of ways is too large to be looked at unasked: it doubles with each. */
const MOST_UNASKED = 6;

/** The same where each way begins with a copy. */
const MOST_ON_COPIES = 3;

/** Whether pairs do not tell all of these: two of them may meet rows, or objects, that a third one makes. */
export function needsExactness(
  branches: readonly Branch[],
  { onCopies }: { readonly onCopies: boolean },
): boolean {
  const most = onCopies ? MOST_ON_COPIES : MOST_UNASKED;
  return branches.length <= most && branches.some(dependsOnRows);
}

/** The heads that hang together by pairs that have to do with each other. */
export function connected(
  branches: readonly Branch[],
  areRelated: (one: Branch, other: Branch) => boolean,
): readonly (readonly Branch[])[] {
  const left = new Set(branches);
  const groups: Branch[][] = [];
  for (const first of branches) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const member of group) {
      const others = [...left].filter((other) => areRelated(member, other));
      for (const other of others) left.delete(other);
      group.push(...others);
    }
    groups.push(branches.filter((branch) => group.includes(branch)));
  }
  return groups;
}

/**
 * Looks at every set of these heads and every last one of it: when each way to a set leaves the same, all orders do,
 * by induction over the size of the set. That is n·2^(n-1) steps instead of n! orders.
 */
export async function judgeGroup(
  branches: readonly Branch[],
  ground: Ground,
  run: RunAgain,
  withoutRows: readonly string[],
): Promise<GroupProof> {
  const heads = branches.map(({ head }) => head);
  const again: RunAgain = async (order, options) => await run(order, { withoutRows, ...options });
  const reached = new Map<number, OrderState>();
  const count = 2 ** branches.length;
  for (let set = 1; set < count; set += 1) {
    const members = branches.filter((_, index) => ((set >> index) & 1) === 1);
    const usual = await again(members, {});
    if (usual.kind === "failed") {
      return { heads, verdict: "conflict", orders: [orderReport(members, usual)] };
    }
    reached.set(set, usual.state);
    for (const last of members.slice(0, -1)) {
      const order = [...members.filter((member) => member !== last), last];
      const outcome = await again(order, {});
      if (outcome.kind === "failed") {
        return { heads, verdict: "conflict", orders: [orderReport(order, outcome)] };
      }
      const { differences, onlyIds } = await compareOrders(
        { orders: [members, order], states: [usual.state, outcome.state] },
        ground,
        again,
      );
      if (differences.length === 0) continue;
      return {
        heads,
        verdict: "order-dependent",
        orders: [orderReport(members, usual), orderReport(order, outcome)],
        difference: differences,
        ...(onlyIds && { onlyIds }),
      };
    }
  }
  return { heads, verdict: "commute" };
}
