import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, listOption, textOption } from "../command-options.ts";
import { proofOfJoining } from "../prove/join-heads.ts";
import { languageAmong, NO_MESSAGE, newRevisionId, writeRevision } from "../new-revision.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options } = context;
  const workspace = await context.workspace();
  const migrations = workspace.migrations();
  const revision = newRevisionId(context, migrations);
  const message = textOption(options, "message") ?? NO_MESSAGE;
  const { revises, dependsOn, labels } = migrations.graph.create({
    head: textOption(options, "head") ?? "head",
    splice: flagOption(options, "splice"),
    branchLabel: listOption(options, "branchLabel"),
    dependsOn: listOption(options, "dependsOn"),
    revision,
    message,
  });
  const language = flagOption(options, "ts")
    ? "ts"
    : languageAmong([...migrations.files.values()], workspace);
  const proved = await proofOfJoining(revises, context, workspace);
  const wanted = { revision, revises, dependsOn, labels, message, language, proved };
  return writeRevision(wanted, context, workspace);
}
