import { explainedStatements, rehearsePending } from "../../prove/index.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { textOption } from "../command-options.ts";
import { versionsOf } from "../current-versions.ts";
import { explainText } from "../explain-text.ts";
import { provableMigrations, tellingUnseen } from "../provable-migrations.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { output, options, arguments: args } = context;
  const workspace = await context.workspace();
  const provable = await provableMigrations(workspace.migrations(), workspace, context);
  const { migrations } = provable;
  const versions = await versionsOf(workspace);
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(migrations.files, { serverUrl, signal: context.interruption() });
  try {
    output.live.show("Running the pending revisions in a scratch database");
    const rehearsal = await tellingUnseen(provable, async () =>
      rehearsePending({
        migrations,
        versions,
        ...(args[0] !== undefined && { target: args[0] }),
        measuresStatements: true,
        scratch: scratch.open,
        isOwnScratch: true,
      }),
    );
    const statements = rehearsal === undefined ? [] : explainedStatements(rehearsal);
    return { lines: explainText(statements, rehearsal, output), json: { statements } };
  } finally {
    output.live.hide();
    await scratch.close();
  }
}
