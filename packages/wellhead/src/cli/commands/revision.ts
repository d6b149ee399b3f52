import { randomBytes } from "node:crypto";
import type { RevisionGraph } from "../../graph/index.ts";
import { generateRevisionId } from "../../revisions/index.ts";
import type { GeneratedChange } from "../../autogenerate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, listOption, textOption } from "../command-options.ts";
import { proofOfJoining } from "../prove/join-heads.ts";
import { UsageError } from "../errors.ts";
import {
  languageAmong,
  NO_MESSAGE,
  newRevisionId,
  writeRevision,
  writeRevisions,
  type RevisionToWrite,
} from "../new-revision.ts";
import {
  autogenerate,
  changeLines,
  leftToDoLines,
  partFile,
  refuseDataLoss,
} from "../schemas/autogenerate.ts";
import type { Workspace } from "../workspace.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options } = context;
  const workspace = await context.workspace();
  const migrations = workspace.migrations();
  const wanted = newRevision(context, migrations.graph, newRevisionId(context, migrations));
  if (flagOption(options, "autogenerate")) return await generated(wanted, context, workspace);
  for (const [name, flag] of GENERATING) {
    if (options[name] !== undefined && options[name] !== false)
      throw new UsageError(`${flag} goes with --autogenerate`, "add --autogenerate, or leave it out");
  }
  const language = flagOption(options, "ts")
    ? "ts"
    : languageAmong([...migrations.files.values()], workspace);
  const proved = await proofOfJoining(wanted.revises, context, workspace);
  return writeRevision({ ...wanted, language, proved }, context, workspace);
}

const GENERATING = [
  ["rename", "--rename"],
  ["allowDataLoss", "--allow-data-loss"],
] as const;

type Planned = Omit<RevisionToWrite, "language" | "proved">;

function newRevision({ options }: CommandContext, graph: RevisionGraph, revision: string): Planned {
  const message = textOption(options, "message") ?? NO_MESSAGE;
  const { revises, dependsOn, labels } = graph.create({
    head: textOption(options, "head") ?? "head",
    splice: flagOption(options, "splice"),
    branchLabel: listOption(options, "branchLabel"),
    dependsOn: listOption(options, "dependsOn"),
    revision,
    message,
  });
  return { revision, revises, dependsOn, labels, message };
}

/** Alembic's own words, which scripts look for. */
const NOTHING_TO_DO = "No new upgrade operations detected.";

async function generated(
  wanted: Planned,
  context: CommandContext,
  workspace: Workspace,
): Promise<CommandOutcome> {
  if (flagOption(context.options, "ts"))
    throw new UsageError("--ts and --autogenerate exclude each other", "generated revisions are SQL");
  const change = await autogenerate(context, workspace);
  if (change === undefined)
    return { lines: [NOTHING_TO_DO], json: { revision: null, revisions: [], differences: [] } };
  const lines = changeLines(change);
  for (const line of lines) context.output.info(line);
  refuseDataLoss(change, context);
  const revisions = writeRevisions(toWrite(wanted, change), context, workspace);
  const left = leftToDoLines(change);
  for (const line of left) context.output.note(line);
  const isProved = left.length === 0;
  return {
    lines: [
      isProved
        ? "proved: upgrade and downgrade, on tables with rows"
        : "not proved: see what is left to do in the file",
    ],
    json: { revision: revisions.at(-1), revisions, differences: lines, proved: isProved, leftToDo: left },
  };
}

/** One file a part; the last one has the name that was asked for. */
function toWrite(wanted: Planned, { parts }: GeneratedChange): readonly RevisionToWrite[] {
  let { revises } = wanted;
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    const isFirst = index === 0;
    const revision = isLast ? wanted.revision : generateRevisionId(randomBytes(6));
    const file: RevisionToWrite = {
      revision,
      revises,
      dependsOn: isFirst ? wanted.dependsOn : [],
      labels: isFirst ? wanted.labels : [],
      message: isLast ? wanted.message : `${wanted.message}: new values of enums`,
      language: "sql",
      ...partFile(part),
    };
    revises = [revision];
    return file;
  });
}
