import { proveCommute, type CommuteProof } from "../../prove/index.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { projectSeed } from "../prove/proof-options.ts";
import { commuteLines } from "../prove/proof-text.ts";
import { proveEventText } from "../prove/prove-progress.ts";
import { revisionsAmong } from "../words.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: named, options, output, cwd } = context;
  const workspace = await context.workspace();
  const migrations = workspace.migrations();
  const { graph, files } = migrations;
  const revisions = named.flatMap((target) => revisionsAmong(graph.resolve(target)));
  const heads = revisions.length > 0 ? [...new Set(revisions)] : graph.heads({ resolveDependencies: true });
  const seed = projectSeed(workspace, cwd);
  const signal = context.interruption();
  const scratch = projectScratch(files, { serverUrl: textOption(options, "scratchUrl"), signal });
  try {
    const commute = await proveCommute({
      migrations,
      heads,
      seed,
      scratch: scratch.spend,
      ...(flagOption(options, "exact") && { exact: true }),
      onEvent: (event) => output.live.show(`Proving: ${proveEventText(event)}`),
      signal,
    });
    output.live.hide();
    return {
      lines: [...headLines(heads), ...commuteLines(commute, output.style)],
      json: commute,
      exitCode: isProved(commute) ? 0 : 1,
    };
  } finally {
    output.live.hide();
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
