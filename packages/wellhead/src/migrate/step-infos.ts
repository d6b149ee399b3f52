import type { Step } from "../graph/index.ts";
import type { StepInfo } from "./events.ts";
import type { Migrations } from "./migrations.ts";

/** The steps of a plan with what their files say. */
export function stepInfos(steps: readonly Step[], migrations: Migrations): StepInfo[] {
  return steps.map(({ direction, revision, versionsAfter }) => {
    const { revises, message, path } = migrations.graph.get(revision);
    return { direction, revision, revises, message, path: path ?? "", versionsAfter };
  });
}
