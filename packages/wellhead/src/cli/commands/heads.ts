import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption } from "../command-options.ts";
import { noteNoRevisions } from "../newcomer-notes.ts";
import { longForm, shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options } = context;
  const place = await context.workspace();
  noteNoRevisions(context, place);
  const { graph, files } = place.migrations();
  const heads = graph
    .heads({ resolveDependencies: flagOption(options, "resolveDependencies") })
    .map((id) => graph.get(id));
  return {
    lines: flagOption(options, "verbose")
      ? heads.flatMap((revision) => longForm(revision, files))
      : heads.map((revision) => shortLine(revision, { labels: true, heads: true })),
    json: { heads: heads.map(revisionDocument) },
  };
}
