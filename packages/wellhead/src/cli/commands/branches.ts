import { flagOption, type CommandContext, type CommandOutcome } from "../command.ts";
import { shortLine } from "../revision-text.ts";
import { revisionDocument } from "../revision-document.ts";

export async function run({ options, workspace }: CommandContext): Promise<CommandOutcome> {
  const { graph } = (await workspace()).migrations();
  const parts = { labels: true, heads: true, tree: true, message: flagOption(options, "verbose") };
  const points = graph.branchPoints().map((id) => graph.get(id));
  return {
    lines: points.flatMap((point) => [
      shortLine(point, parts),
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
