import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, listOption, textOption } from "../command-options.ts";
import { NothingToMergeError } from "../errors.ts";
import { proofOfJoining } from "../prove/join-heads.ts";
import { languageAmong, newRevisionId, writeRevision } from "../new-revision.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options, arguments: named } = context;
  const workspace = await context.workspace();
  const migrations = workspace.migrations();
  const { graph, files } = migrations;
  const revision = newRevisionId(context, migrations);
  const message = textOption(options, "message") ?? "merge heads";
  const targets = named.length === 0 ? graph.heads() : named;
  if (named.length === 0 && targets.length < 2) throw new NothingToMergeError(targets, "heads");
  const { revises, dependsOn, labels } = graph.merge(targets, {
    splice: flagOption(options, "splice"),
    branchLabel: listOption(options, "branchLabel"),
    revision,
    message,
  });
  if (revises.length < 2) throw new NothingToMergeError(revises, "named");
  const parents = revises.flatMap((id) => files.get(id) ?? []);
  const language = languageAmong(parents, workspace);
  const proved = await proofOfJoining(revises, context, workspace);
  const wanted = { revision, revises, dependsOn, labels, message, language, proved };
  return writeRevision(wanted, context, workspace);
}
