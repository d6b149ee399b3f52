import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { versionsOf } from "../current-versions.ts";
import { noteNoRevisions } from "../newcomer-notes.ts";
import { longForm, shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options } = context;
  const place = await context.workspace();
  noteNoRevisions(context, place);
  const { graph, files } = place.migrations();
  const range = textOption(options, "revRange");
  const marksCurrent = flagOption(options, "indicateCurrent");
  const needsVersions = marksCurrent || (range ?? "").split(":").some((end) => end.includes("current"));
  const versions = needsVersions ? await versionsOf(place) : [];
  const current = new Set(marksCurrent ? versions : []);
  const revisions = graph
    .history({ ...(range !== undefined && { range }), versions })
    .map((id) => graph.get(id));
  return {
    lines: flagOption(options, "verbose")
      ? revisions.flatMap((revision) => longForm(revision, files, current))
      : revisions.map((revision) =>
          shortLine(revision, {
            parents: true,
            labels: true,
            heads: true,
            tree: true,
            message: true,
            current,
          }),
        ),
    json: {
      revisions: revisions.map((revision) => ({
        ...revisionDocument(revision),
        ...(marksCurrent && { isCurrent: current.has(revision.revision) }),
      })),
    },
  };
}
