import type { Step } from "../graph/index.ts";
import { VersionsChangedError } from "./errors.ts";
import type { Migrations } from "./migrations.ts";
import { sameSet } from "./same-set.ts";

/** From the versions that a database stands at, in the order of its rows, to the steps to run; pure, called again whenever the versions were read anew. */
export type Planner = (versions: readonly string[]) => readonly Step[];

/**
 * What is left of a plan, for the next transaction: the steps as they were planned when the versions still are those
 * that the run has left behind. Otherwise another process has done something meanwhile. An upgrade is then planned
 * anew to the same goal; a downgrade goes on only from a point of its own way, since what has come on top of it
 * meanwhile is not what somebody asked to take away.
 */
export function remainingPlan(
  left: readonly Step[],
  leftBehind: readonly string[],
  { graph }: Migrations,
): Planner {
  const goal = left.at(-1)?.versionsAfter ?? [];
  return (versions) => {
    if (sameSet(versions, leftBehind)) return left;
    if (left[0]?.direction === "upgrade") return graph.planUpgrade({ from: versions, to: goal });
    const reached = left.findIndex((step) => sameSet(step.versionsAfter, versions));
    if (reached === -1) throw new VersionsChangedError(leftBehind, versions);
    return left.slice(reached + 1);
  };
}
