import { revisionSql, type LeftToDo } from "../../autogenerate/index.ts";
import { loadMigrations, stamp } from "../../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { listOption, textOption } from "../command-options.ts";
import { newRevisionId, writeRevisions } from "../new-revision.ts";
import { leftToDoLine } from "../schemas/autogenerate.ts";
import { baselineOf } from "../schemas/baseline.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options, output } = context;
  const workspace = await context.workspace();
  const revision = newRevisionId(context, workspace.migrations());
  output.live.show("Building the schema of the database in a scratch database");
  const part = await baselineOf(workspace, context).finally(() => output.live.hide());
  const left = part.leftToDo.filter(({ direction }) => direction === "upgrade").map(leftToDoLine);
  const isProved = left.length === 0;
  const revisions = writeRevisions(
    [
      {
        revision,
        revises: [],
        dependsOn: [],
        labels: listOption(options, "branchLabel"),
        message: textOption(options, "message") ?? "baseline",
        language: "sql",
        proved: isProved ? "upgrade gives the schema of the database" : undefined,
        body: {
          upgrade: `${notes(part.leftToDo)}${revisionSql(part.upgrade)}`,
          irreversible: "it is what was there before the first revision",
        },
      },
    ],
    context,
    workspace,
  );
  const wantsStamp = options["stamp"] !== false;
  for (const line of left) output.note(line);
  if (!isProved && wantsStamp)
    output.note(`nothing was stamped: finish the file, then \`wellhead stamp ${revision}\``);
  const stamped = isProved && wantsStamp;
  if (stamped) {
    const { folders, recursive } = workspace.place;
    await stamp({
      ...workspace.databaseOptions,
      ...workspace.versionTable,
      migrations: loadMigrations(folders, { recursive }),
      targets: [revision],
    });
    output.info(`stamped ${workspace.target().display}`);
  }
  return {
    lines: [
      isProved
        ? "proved: it produces the schema of the database"
        : "not proved: see what is left to do in the file",
    ],
    json: { revision: revisions[0], proved: isProved, stamped, leftToDo: left },
  };
}

/** What a person has to finish, above the statements. */
function notes(leftToDo: readonly LeftToDo[]): string {
  return leftToDo
    .filter(({ direction }) => direction === "upgrade")
    .map((left) => `-- ${leftToDoLine(left).replaceAll("\n", " ")}\n`)
    .join("");
}
