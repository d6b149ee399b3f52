import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { stateAfter, undone, type Make, type SchemaState } from "../../autogenerate/index.ts";
import type { Session } from "../../database/index.ts";
import { RevisionGraph } from "../../graph/index.ts";
import { databaseExists, migrationTarget, withDatabase, type DatabaseOptions } from "../../migrate/index.ts";
import { declareModels, ModelsUnreadableError, readModels, type Models } from "../../models/index.ts";
import { produceSchema } from "../../prove/index.ts";
import { retellQueries, type SchemaSnapshot } from "../../schema/index.ts";
import type { CommandContext } from "../command.ts";
import { textOption } from "../command-options.ts";
import { UsageError } from "../errors.ts";
import { provableMigrations, tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
import { withScratch } from "./open-scratch.ts";
import { projectModels } from "./project-models.ts";

/** A schema that can be compared: of a live database, of revisions, of models or of a file with SQL. */
export type SchemaSide =
  | { readonly kind: "database"; readonly name: string; readonly options: DatabaseOptions }
  | { readonly kind: "revisions"; readonly name: string; readonly targets: string | readonly string[] }
  | { readonly kind: "models"; readonly name: string; readonly models: Models };

/**
 * What a word on the command line means: `database`, a URL, `models`, a file or folder of SQL, or else a target among
 * the revisions.
 *
 * @throws UsageError for `database` where none is configured, and for a word that is nothing of all that
 */
export async function schemaSide(
  word: string,
  workspace: Workspace,
  context: CommandContext,
): Promise<SchemaSide> {
  const { cwd } = context;
  const signal = context.interruption();
  if (word === "models") {
    const models = await projectModels(workspace, { wanted: "diff models", cwd, signal });
    return { kind: "models", name: models.name, models };
  }
  if (word === "database") {
    return databaseSide(workspace.databaseOptions);
  }
  if (/^[\w+]+:/.test(word)) return databaseSide({ ...workspace.databaseOptions, url: word });
  const file = resolve(cwd, word);
  if (/\.sql$/i.test(word) || (/[\\/]/.test(word) && existsSync(file))) {
    if (!existsSync(file))
      throw new ModelsUnreadableError(
        word,
        "there is no such file.",
        "a path is relative to the folder that you are in; what has another name is a target, `models` or `database`",
      );
    const path = relative(cwd, file) || ".";
    const models = await readModels({ sql: path }, { folder: cwd, cwd, signal });
    return { kind: "models", name: path, models };
  }
  workspace.migrations().graph.resolve(word);
  return { kind: "revisions", name: word, targets: word };
}

/** An embedded database that was never made is not made by a question. */
function databaseSide(options: DatabaseOptions): SchemaSide {
  const { display } = migrationTarget(options);
  if (!databaseExists(options)) throw noDatabase(display);
  return { kind: "database", name: display, options };
}

/** There is none to read a schema from. */
export function noDatabase(display: string): UsageError {
  return new UsageError(
    `There is no database to read: ${display} is not there.`,
    "give --url, or set DATABASE_URL; `wellhead upgrade` makes an embedded one",
  );
}

/** A schema as it is compared and as it is planned. */
export interface ReadSide extends SchemaState {
  /** Views in the snapshot are told otherwise than the facts have them. */
  readonly isRetold: boolean;
}

/**
 * Reads two schemas. What is no database is made in a scratch database; where a live one writes its views otherwise
 * than the scratch database, they are told anew there.
 */
export async function readSides(
  sides: readonly [SchemaSide, SchemaSide],
  workspace: Workspace,
  context: CommandContext,
): Promise<readonly [ReadSide, ReadSide]> {
  const live = [await liveState(sides[0]), await liveState(sides[1])] as const;
  if (live[0] !== undefined && live[1] !== undefined) return [live[0], live[1]];
  const asksRevisions = sides.some(({ kind }) => kind === "revisions");
  const migrations = asksRevisions
    ? workspace.migrations()
    : { graph: RevisionGraph.of([]), files: new Map() };
  const provable = await provableMigrations(migrations, workspace, context);
  const place = {
    migrations,
    scripts: sides.flatMap((side) => (side.kind === "models" ? side.models.scripts : [])),
    serverUrl: textOption(context.options, "scratchUrl"),
    signal: context.interruption(),
  };
  return await tellingUnseen(provable, async () =>
    withScratch(place, async ({ database }) =>
      database.withSession(async (session): Promise<readonly [ReadSide, ReadSide]> => {
        const makes = sides.map((side) => makeSide(side, provable));
        const [make0, make1] = makes as [Make | undefined, Make | undefined];
        const [first, second] = [
          live[0] ?? (await made(session, make0)),
          live[1] ?? (await made(session, make1)),
        ];
        return [
          live[0] === undefined ? first : await retoldAmong(session, first, make1 ?? nothing),
          live[1] === undefined ? second : await retoldAmong(session, second, make0 ?? nothing),
        ];
      }),
    ),
  );
}

async function retoldAmong(session: Session, state: SchemaState, make: Make): Promise<ReadSide> {
  const snapshot = await retoldSnapshot(session, state.snapshot, make);
  return { ...state, snapshot, isRetold: snapshot !== state.snapshot };
}

/** A live schema with its views as the scratch database writes them; `make` makes there what they are compared with. */
export async function retoldSnapshot(
  session: Session,
  told: SchemaSnapshot,
  make: Make,
): Promise<SchemaSnapshot> {
  if (![...told.values()].some(({ queryStyle }) => queryStyle === "before 16")) return told;
  return await undone(session, async () => {
    await make(session);
    return await retellQueries(session, told, "since 16");
  });
}

async function liveState(side: SchemaSide): Promise<ReadSide | undefined> {
  if (side.kind !== "database") return undefined;
  return await withDatabase(side.options, async (database) =>
    database.withSession(async (session) => made(session, undefined)),
  );
}

async function made(session: Session, make: Make | undefined): Promise<ReadSide> {
  return { ...(await stateAfter(session, make ?? nothing)), isRetold: false };
}

function makeSide(side: SchemaSide, { migrations }: ProvableMigrations): Make | undefined {
  switch (side.kind) {
    case "database":
      return undefined;
    case "revisions":
      return async (session) => produceSchema(session, migrations, side.targets);
    case "models":
      return async (session) => declareModels(session, side.models);
    default:
      return side satisfies never;
  }
}

async function nothing(): Promise<void> {
  // What is there already is what is read.
}
