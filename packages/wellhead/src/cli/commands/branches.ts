import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption } from "../command-options.ts";
import { longForm, shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";

export async function run({ options, workspace }: CommandContext): Promise<CommandOutcome> {
  const { graph, files } = (await workspace()).migrations();
  const isLong = flagOption(options, "verbose");
  const parts = { labels: true, heads: true, tree: true, message: isLong };
  const points = graph.branchPoints().map((id) => graph.get(id));
  return {
    lines: points.flatMap((point) => [
      ...(isLong ? longForm(point, files) : [shortLine(point, parts)]),
      ...point.next.map(
        (child) => `${" ".repeat(point.revision.length)} -> ${shortLine(graph.get(child), parts)}`,
      ),
      "",
    ]),
    json: {
      branchPoints: points.map((point) => ({ revision: revisionDocument(point), children: point.next })),
    },
  };
}
