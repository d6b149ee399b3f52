import type { CommuteProof } from "../../prove/index.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { commuteLines } from "../prove/proof-text.ts";
import { proveRows, rowsDocument, rowsLines, runsOnRows } from "../prove/prove-rows.ts";
import { proveHeads } from "../prove/prove-heads.ts";
import { provableMigrations } from "../provable-migrations.ts";
import { revisionsAmong } from "../words.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: named, options, output } = context;
  const workspace = await context.workspace();
  const { graph, files } = workspace.migrations();
  const revisions = named.flatMap((target) => revisionsAmong(graph.resolve(target)));
  const heads = revisions.length > 0 ? [...new Set(revisions)] : graph.heads({ resolveDependencies: true });
  const provable = await provableMigrations(workspace.migrations(), workspace, context);
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(files, { serverUrl, signal: context.interruption() });
  try {
    const exact = flagOption(options, "exact");
    // Before the heads, whose proof commits to its scratch database: then one does for both.
    const rows = await proveRows({ provable, workspace, scratch, heads }, context);
    const commute = await proveHeads({ provable, workspace, scratch, heads, exact }, context);
    return {
      lines: [...headLines(heads), ...commuteLines(commute, output.style), ...rowsLines(rows, output.style)],
      json: { ...commute, rows: rows.map(rowsDocument) },
      exitCode: isProved(commute) && rows.every(runsOnRows) ? 0 : 1,
    };
  } finally {
    await scratch.close();
  }
}

function headLines(heads: readonly string[]): string[] {
  const [only] = heads;
  if (only === undefined) return ["There are no revisions: nothing to prove."];
  return heads.length === 1 ? [`One head, ${only}: there is no other order than the one it has.`] : [];
}

function isProved({ pairs, groups = [] }: CommuteProof): boolean {
  return [...pairs, ...groups].every(({ verdict }) => verdict === "commute");
}
