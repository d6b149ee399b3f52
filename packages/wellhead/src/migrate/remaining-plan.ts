import type { Step } from "../graph/index.ts";
import { VersionsChangedError } from "./errors.ts";
import type { Migrations } from "./migrations.ts";
import { sameSet } from "./same-set.ts";

/** From the versions that a database stands at, in the order of its rows, to the steps to run; pure, called again whenever the versions were read anew. */
export type Planner = (versions: readonly string[]) => readonly Step[];

/**
 * What is left of a plan, for the next transaction: the steps as they were planned when the versions still are those
 * that the run has left behind. Otherwise another process has done something meanwhile, and the way to the same goal
 * is planned anew.
 */
export function remainingPlan(
  left: readonly Step[],
  leftBehind: readonly string[],
  migrations: Migrations,
): Planner {
  return (versions) => (sameSet(versions, leftBehind) ? left : planAnew(left, versions, migrations));
}

function planAnew(left: readonly Step[], from: readonly string[], { graph }: Migrations): readonly Step[] {
  const goal = left.at(-1)?.versionsAfter ?? [];
  if (left[0]?.direction === "upgrade") return graph.planUpgrade({ from, to: goal });
  const wanted = new Set(left.map((step) => step.revision));
  const steps = graph.planDowngrade({ from, to: "base" }).filter((step) => wanted.has(step.revision));
  if (steps.length > 0 && !sameSet(steps.at(-1)?.versionsAfter ?? [], goal))
    throw new VersionsChangedError(goal, from);
  return steps;
}
