import type { CommandContext, CommandOutcome } from "../command.ts";
import { versionsOf } from "../current-versions.ts";
import { longForm } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";
import { revisionsAmong } from "../words.ts";

export async function run({
  arguments: [target = "heads"],
  workspace,
}: CommandContext): Promise<CommandOutcome> {
  const place = await workspace();
  const { graph, files } = place.migrations();
  const versions = target.includes("current") ? await versionsOf(place) : [];
  const revisions = revisionsAmong(graph.resolve(target, { versions })).map((id) => graph.get(id));
  return {
    lines: revisions.flatMap((revision) => longForm(revision, files)),
    json: { revisions: revisions.map(revisionDocument) },
  };
}
