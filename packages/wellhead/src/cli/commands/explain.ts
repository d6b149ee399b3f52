import { explainedStatements, rehearsePending } from "../../prove/index.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { textOption } from "../command-options.ts";
import { versionsOf } from "../current-versions.ts";
import { explainText } from "../explain-text.ts";
import { projectSeed } from "../prove/proof-options.ts";
import { provableMigrations } from "../provable-migrations.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { output, options, arguments: args } = context;
  const workspace = await context.workspace();
  const { migrations, unseen } = await provableMigrations(workspace.migrations(), workspace, context);
  const versions = await versionsOf(workspace);
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(migrations.files, { serverUrl, signal: context.interruption() });
  try {
    output.live.show("Running the pending revisions in a scratch database");
    const rehearsal = await rehearsePending({
      migrations,
      unseen,
      versions,
      ...(args[0] !== undefined && { target: args[0] }),
      measuresStatements: true,
      seed: projectSeed(workspace, context.cwd),
      scratch,
    });
    const statements = rehearsal === undefined ? [] : explainedStatements(rehearsal);
    return { lines: explainText(statements, rehearsal, output), json: { statements } };
  } finally {
    output.live.hide();
    await scratch.close();
  }
}
