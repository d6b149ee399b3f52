import type { StampStep } from "../../graph/index.ts";
import { offlineStampSql, stamp } from "../../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption } from "../command-options.ts";
import { TargetRangeError, UsageError } from "../errors.ts";
import { finishedLine } from "../log-lines.ts";
import { noteDefaultDatabase } from "../newcomer-notes.ts";
import { withProgress } from "../progress.ts";
import { runOptions } from "../run-options.ts";
import { revisionsAmong, versionList } from "../words.ts";
import type { Workspace } from "../workspace.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: targets, options, output } = context;
  const place = await context.workspace();
  const wanted = runOptions(options, place.configuration);
  const purge = flagOption(options, "purge");
  if (flagOption(options, "sql")) {
    if (purge)
      throw new UsageError("--purge cannot be combined with --sql", "leave out the one or the other");
    return printSql(targets, place);
  }
  noteDefaultDatabase(context, place);
  const begun = performance.now();
  const result = await withProgress(output, async (onEvent) => {
    const migrations = place.migrations();
    return await stamp({
      ...place.databaseOptions,
      ...place.versionTable,
      ...wanted,
      migrations,
      targets,
      purge,
      onEvent,
    });
  });
  output.info(
    result.steps.length === 0 && !purge
      ? `Nothing to stamp: the database stands at ${versionList(result.to)}.`
      : `Stamped ${versionList(result.to)} (before: ${versionList(result.from)}).`,
  );
  const durationMs = performance.now() - begun;
  output.log(finishedLine("stamp", result, durationMs));
  return { json: { ...result, steps: result.steps.map((step) => stepDocument(step, durationMs)) } };
}

/** A stamp writes all its rows at once, so each step took as long as the whole. */
function stepDocument({ direction, from, to, versionsAfter }: StampStep, durationMs: number): unknown {
  return { direction, revision: to[0] ?? null, durationMs, versionsAfter, from, to };
}

function printSql(targets: readonly string[], place: Workspace): CommandOutcome {
  const { graph } = place.migrations();
  const ranges = targets.map((target) => ({
    from: target.slice(0, Math.max(target.indexOf(":"), 0)),
    to: target.slice(target.indexOf(":") + 1),
  }));
  const starts = new Set(ranges.map(({ from }) => from));
  const [start = ""] = starts;
  const from = start === "" ? [] : revisionsAmong(graph.resolve(start));
  if (starts.size > 1 || from.length > 1) throw new TargetRangeError(targets.join(" "), "several-starts");
  const to = ranges.map((range) => range.to);
  const lines = offlineStampSql(graph.planStamp({ from, to }), from, place.versionTable);
  return { lines, json: { from, targets: to, sql: lines.join("\n") } };
}
