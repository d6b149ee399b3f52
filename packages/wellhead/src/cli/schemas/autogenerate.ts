import {
  DataLossError,
  differenceWords,
  generateChange,
  namedRename,
  renameCandidates,
  revisionSql,
  shortName,
  type ChooseRenames,
  type GeneratedChange,
  type GeneratedPart,
  type LeftToDo,
  type RenameCandidate,
} from "../../autogenerate/index.ts";
import { declareModels, modelsScope } from "../../models/index.ts";
import { produceSchema } from "../../prove/index.ts";
import { differenceText } from "../../schema/index.ts";
import type { CommandContext } from "../command.ts";
import { flagOption, listOption, textOption } from "../command-options.ts";
import type { Scratch } from "../../scratch/index.ts";
import { provableMigrations, tellingUnseen } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
import { MODELS_WORDS } from "./models-words.ts";
import type { RevisionToWrite } from "../new-revision.ts";
import { withScratch } from "./open-scratch.ts";
import { ownTables, projectModels } from "./project-models.ts";

/** A change that leads from what the revisions produce to what the models declare; undefined when there is none. */
export async function autogenerate(
  context: CommandContext,
  workspace: Workspace,
): Promise<GeneratedChange | undefined> {
  const { options, output, cwd } = context;
  const signal = context.interruption();
  const migrations = workspace.migrations();
  const models = await projectModels(workspace, { wanted: "--autogenerate", cwd, signal });
  const provable = await provableMigrations(migrations, workspace, context);
  const serverUrl = textOption(options, "scratchUrl");
  output.live.show("Comparing the revisions with the models");
  try {
    const generate = async ({ database }: Scratch): Promise<GeneratedChange | undefined> =>
      await database.withSession(async (session) =>
        generateChange(session, {
          produce: async (at) => produceSchema(at, provable.migrations, "heads", { signal }),
          declare: async (at) => declareModels(at, models),
          scope: ({ there, declared }) =>
            modelsScope(models.reach, { there, declared }, ownTables(workspace)),
          choose: chooseBy(context),
        }),
      );
    const place = { migrations, scripts: models.scripts, serverUrl, signal };
    return await tellingUnseen(provable, async () => withScratch(place, generate));
  } finally {
    output.live.hide();
  }
}

/** Renames that were named, and then those that a person at the terminal says yes to. Nobody there: none is guessed. */
function chooseBy({ options, ask, output }: CommandContext): ChooseRenames {
  const named = [...listOption(options, "rename")];
  const asked = new Set<string>();
  return async ({ there, wished }) => {
    const [rename] = named.splice(0, 1);
    if (rename !== undefined) return [namedRename(rename, there, wished)];
    const candidates = renameCandidates(there, wished);
    // One value alone under another name needs no question.
    const isCertain = ({ kind, before }: RenameCandidate): boolean =>
      kind === "value" &&
      !asked.has(before.name) &&
      candidates.filter((each) => each.kind === "value" && each.before === before).length === 1;
    for (const candidate of candidates) {
      const key = `${candidate.from}=${candidate.to}`;
      if (ask === undefined || asked.has(key) || isCertain(candidate)) continue;
      asked.add(key).add(candidate.before.name);
      output.live.hide();
      const answer = await ask(
        `Is ${candidate.kind} ${candidate.to} the new name of ${candidate.from}? [y/N] `,
      );
      if (/^y(es)?$/i.test(answer ?? "")) return [candidate];
    }
    return [];
  };
}

/**
 * Refuses what drops data, unless that was allowed.
 *
 * @throws {DataLossError} `E_DATA_LOSS`
 */
export function refuseDataLoss({ parts, differences }: GeneratedChange, { options }: CommandContext): void {
  const losing = parts.flatMap(({ upgrade }) => upgrade.filter(({ losesData }) => losesData));
  if (losing.length === 0 || flagOption(options, "allowDataLoss")) return;
  const removed = differences.flatMap((each) => ("before" in each ? [each.before] : []));
  const added = differences.flatMap((each) => ("after" in each ? [each.after] : []));
  const snapshotOf = (objects: typeof removed): Map<string, (typeof removed)[number]> =>
    new Map(objects.map((object) => [`${object.kind} ${object.name}`, object]));
  const candidates = renameCandidates(snapshotOf(removed), snapshotOf(added));
  throw new DataLossError(
    losing.map(({ sql }) => sql.replaceAll(/\s+/g, " ")),
    candidates.map(({ from, to }) => `${from}=${to}`),
  );
}

/** A part as the file of a revision takes it. */
export function partFile(part: GeneratedPart): Pick<RevisionToWrite, "body" | "proved"> {
  const left = part.leftToDo.filter(({ kind }) => kind === "schema");
  const note = (direction: LeftToDo["direction"]): string =>
    left
      .filter((each) => each.direction === direction)
      .flatMap((each) => (each.kind === "schema" ? each.differences.map(differenceText) : []))
      .map((text) => `-- left to do: ${text}\n`)
      .join("");
  return {
    body: {
      upgrade: `${note("upgrade")}${revisionSql(part.upgrade)}`,
      downgrade: `${note("downgrade")}${revisionSql(part.downgrade)}`,
      ...(part.outside && { transaction: "none" }),
    },
    proved: part.isProved
      ? `upgrade gives ${part.outside ? "the new values of the enums" : "the schema of the models"}, downgrade the schema before, on tables with rows`
      : undefined,
  };
}

/** What was found and what is left to do, for people. */
export function changeLines({ differences, parts }: GeneratedChange): readonly string[] {
  const renames = parts.flatMap((part) => part.renames.map(({ text }) => `renamed: ${text}`));
  return [...differenceWords(differences, MODELS_WORDS), ...renames];
}

/** What a person has to finish before the revision does what it should. */
export function leftToDoLines({ parts }: GeneratedChange): readonly string[] {
  return parts.flatMap(({ leftToDo }) => leftToDo.map(leftToDoLine));
}

export function leftToDoLine(left: LeftToDo): string {
  switch (left.kind) {
    case "rows":
      return `left to do in the ${left.direction}: \`${shortened(left.sql)}\` needs ${left.reason}`;
    case "statement":
      return `left to do in the ${left.direction}: \`${shortened(left.sql)}\` does not run: ${left.reason}`;
    case "schema":
      return `left to do in the ${left.direction}: ${left.differences.map((each) => shortName(differenceText(each))).join("; ")}`;
    default:
      return left satisfies never;
  }
}

function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
