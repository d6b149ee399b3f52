import { assertAtHeads, waitForHeads } from "../../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption } from "../command-options.ts";
import { versionsOf } from "../current-versions.ts";
import { durationOption } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { longForm, shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";
import { milliseconds } from "../words.ts";
import type { Workspace } from "../workspace.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options, output, workspace } = context;
  const place = await workspace();
  const { graph, files } = place.migrations();
  const versions = await versionsWanted(context, place);
  const revisions = graph.current(versions).map((id) => graph.get(id));
  const missing = graph.heads({ resolveDependencies: true }).filter((head) => !versions.includes(head));
  if (!place.hasDatabase())
    output.note(
      `there is no embedded database at ${place.target().display} yet; \`wellhead upgrade\` makes it`,
    );
  return {
    lines: flagOption(options, "verbose")
      ? [
          `Current revision(s) for ${place.target().display}:`,
          ...revisions.flatMap((revision) => longForm(revision, files)),
        ]
      : revisions.map((revision) => shortLine(revision, { heads: true, tree: true })),
    json: { versions, revisions: revisions.map(revisionDocument), atHead: missing.length === 0 },
  };
}

/** The versions, once they are all heads where that is asked for. */
async function versionsWanted(
  { options, output }: CommandContext,
  place: Workspace,
): Promise<readonly string[]> {
  const timeoutMs = durationOption(options, "wait", "--wait");
  const resolveDependencies = flagOption(options, "resolveDependencies");
  const migrations = place.migrations();
  if (!flagOption(options, "checkHeads")) {
    if (timeoutMs !== undefined) throw new UsageError("--wait goes with --check-heads", "give both");
    return await versionsOf(place);
  }
  if (timeoutMs === undefined)
    return assertAtHeads(migrations.graph, await versionsOf(place), { resolveDependencies });
  return await waitForHeads({
    ...place.databaseOptions,
    ...place.versionTable,
    migrations,
    timeoutMs,
    resolveDependencies,
    onWait: ({ reason, waitedMs }) =>
      output.note(`waiting, ${milliseconds(waitedMs)} of ${milliseconds(timeoutMs)}: ${reason}`),
  });
}
