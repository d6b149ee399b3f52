import type { Step } from "../graph/index.ts";
import {
  downgrade,
  offlineSql,
  runningLine,
  stepInfos,
  upgrade,
  type MigrateResult,
  type Migrations,
  type StepInfo,
} from "../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "./command.ts";
import { flagOption } from "./command-options.ts";
import { versionsOf } from "./current-versions.ts";
import { TargetRangeError } from "./errors.ts";
import { noteDefaultDatabase, noteNoRevisions } from "./newcomer-notes.ts";
import { finishedLine } from "./log-lines.ts";
import { withProgress } from "./progress.ts";
import { runOptions, type RunOptions } from "./run-options.ts";
import { firstLine, milliseconds, plural, revisionsAmong, versionList } from "./words.ts";
import type { Workspace } from "./workspace.ts";

type Direction = "upgrade" | "downgrade";

/** What `upgrade` and `downgrade` share: run, or print the plan, or print the SQL. */
export async function moveDatabase(
  direction: Direction,
  target: string,
  context: CommandContext,
): Promise<CommandOutcome> {
  const workspace = await context.workspace();
  const options = runOptions(context.options, workspace.configuration);
  if (flagOption(context.options, "sql")) return await printSql(direction, target, workspace, options);
  if (target.includes(":")) throw new TargetRangeError(target, "range-in-a-run");
  if (flagOption(context.options, "plan")) return await printPlan(direction, target, workspace);
  return await runIt(direction, { ...options, target }, context, workspace);
}

async function runIt(
  direction: Direction,
  wanted: RunOptions & { readonly target: string },
  context: CommandContext,
  workspace: Workspace,
): Promise<CommandOutcome> {
  const { output, interruption } = context;
  noteDefaultDatabase(context, workspace);
  const signal = interruption();
  const begun = performance.now();
  const result = await withProgress(output, async (onEvent) => {
    const options = {
      ...workspace.databaseOptions,
      ...workspace.versionTable,
      ...wanted,
      migrations: workspace.migrations,
      onEvent,
      ...(signal !== undefined && { signal }),
    };
    return await (direction === "upgrade" ? upgrade(options) : downgrade(options));
  });
  const durationMs = performance.now() - begun;
  output.info(summary(direction, result, durationMs));
  if (result.steps.length === 0) noteNoRevisions(context, workspace);
  output.log(finishedLine(direction, result, durationMs));
  return { json: result };
}

function summary(direction: Direction, { steps, to }: MigrateResult, elapsedMs: number): string {
  if (steps.length === 0) return `Nothing to ${direction}: the database stands at ${versionList(to)}.`;
  const count = plural(steps.length, "revision");
  return `${direction === "upgrade" ? "Upgraded" : "Downgraded"} ${count} in ${milliseconds(elapsedMs)}; the database stands at ${versionList(to)}.`;
}

async function printPlan(
  direction: Direction,
  target: string,
  workspace: Workspace,
): Promise<CommandOutcome> {
  const migrations = workspace.migrations();
  const from = await versionsOf(workspace);
  const steps = stepInfos(plan(direction, migrations, from, target), migrations);
  return {
    lines: [
      `${plural(steps.length, "step")} from ${versionList(from)} to ${target}`,
      ...steps.flatMap((step) => [
        `${runningLine(step)}, ${firstLine(step.message)}`,
        `    ${step.path}`,
        `    then the database stands at ${versionList(step.versionsAfter)}`,
      ]),
    ],
    json: { from, target, steps: steps.map(planDocument) },
  };
}

function planDocument({ direction, revision, path, message, versionsAfter }: StepInfo): unknown {
  return { direction, revision, path, message, versionsAfter };
}

async function printSql(
  direction: Direction,
  target: string,
  workspace: Workspace,
  { transaction }: RunOptions,
): Promise<CommandOutcome> {
  const migrations = workspace.migrations();
  const colon = target.indexOf(":");
  if (direction === "downgrade" && colon === -1) throw new TargetRangeError(target, "no-range");
  const from = colon <= 0 ? [] : revisionsAmong(migrations.graph.resolve(target.slice(0, colon)));
  if (from.length > 1) throw new TargetRangeError(target, "several-starts");
  const steps = stepInfos(plan(direction, migrations, from, target.slice(colon + 1)), migrations);
  const lines = await offlineSql(steps, from, migrations, {
    ...workspace.versionTable,
    ...(transaction !== undefined && { transaction }),
  });
  return { lines, json: { from, target, sql: lines.join("\n") } };
}

function plan(
  direction: Direction,
  { graph }: Migrations,
  from: readonly string[],
  to: string,
): readonly Step[] {
  return direction === "upgrade" ? graph.planUpgrade({ from, to }) : graph.planDowngrade({ from, to });
}
