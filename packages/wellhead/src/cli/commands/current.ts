import type { RevisionGraph } from "../../graph/index.ts";
import { flagOption, type CommandContext, type CommandOutcome } from "../command.ts";
import { NotAtHeadsError } from "../errors.ts";
import { versionsOf } from "../current-versions.ts";
import { longForm, shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";

export async function run({ options, output, workspace }: CommandContext): Promise<CommandOutcome> {
  const place = await workspace();
  const { graph, files } = place.migrations();
  const versions = await versionsOf(place);
  const revisions = graph.current(versions).map((id) => graph.get(id));
  const missing = graph.heads({ resolveDependencies: true }).filter((head) => !versions.includes(head));
  if (flagOption(options, "checkHeads"))
    checkHeads(graph, versions, flagOption(options, "resolveDependencies"));
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

/**
 * Alembic's rule: the rows are the heads. A head that another revision depends on never has a row, so where there are
 * such heads the rule holds for no database; `--resolve-dependencies` leaves them out.
 */
function checkHeads(graph: RevisionGraph, versions: readonly string[], resolveDependencies: boolean): void {
  const missing = graph.heads({ resolveDependencies }).filter((head) => !versions.includes(head));
  if (missing.length === 0) return;
  const current = graph.current(versions);
  throw new NotAtHeadsError(
    versions,
    missing,
    missing.filter((head) => current.some((id) => id === head)),
  );
}
