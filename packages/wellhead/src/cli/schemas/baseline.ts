import { generatePart, stateAfter, undone, type GeneratedPart, type Make } from "../../autogenerate/index.ts";
import { StatementError, type Session } from "../../database/index.ts";
import { readDatabaseState } from "../../migrate/index.ts";
import { planChange, retellQueries } from "../../schema/index.ts";
import type { CommandContext } from "../command.ts";
import { textOption } from "../command-options.ts";
import { NoBaselineError } from "../errors.ts";
import { versionList } from "../words.ts";
import type { Workspace } from "../workspace.ts";
import { databaseScope } from "./database-scope.ts";
import { withScratch } from "./open-scratch.ts";
import { ownTables } from "./project-models.ts";
import { noDatabase } from "./schema-side.ts";

/**
 * What produces the schema of a live database, tried in a scratch database.
 *
 * @throws {NoBaselineError} `E_NO_BASELINE` where there is a history already, or nothing to begin with
 */
export async function baselineOf(workspace: Workspace, context: CommandContext): Promise<GeneratedPart> {
  const migrations = workspace.migrations();
  if (migrations.files.size > 0) {
    throw new NoBaselineError(
      `There are revisions already: ${versionList(migrations.graph.heads())}.`,
      "where the database has what they do, `wellhead stamp heads`; else see `wellhead diff heads database`",
    );
  }
  if (!workspace.hasDatabase()) throw noDatabase(workspace.target().display);
  const live = await readLive(workspace);
  const scope = databaseScope(ownTables(workspace));
  const objects = [...live.schema.snapshot.values()].filter((object) => scope.includes(object));
  if (!objects.some(({ kind }) => kind !== "schema" && kind !== "grant"))
    throw new NoBaselineError(
      `${workspace.target().display} is empty.`,
      'begin with `wellhead revision -m "…"`',
    );
  const extensions = objects.filter(({ kind }) => kind === "extension");
  const place = {
    migrations,
    scripts: extensions.map(({ name }) => ({
      text: `CREATE EXTENSION ${name}`,
      path: workspace.target().display,
    })),
    serverUrl: textOption(context.options, "scratchUrl"),
    signal: context.interruption(),
  };
  return await withScratch(place, async ({ database }) =>
    database.withSession(async (session) => {
      const make: Make = async (at) => makeRoles(at, live.roles);
      const from = await stateAfter(session, make);
      const planned = await planChange(from.facts, live.schema.facts, scope);
      const snapshot = await retold(session, live.schema.snapshot, async (at) => {
        await make(at);
        for (const { sql } of planned) await at.run(sql);
      });
      const to = { ...live.schema, snapshot };
      return await generatePart(session, { make, from, to, scope, renames: [], outside: false });
    }),
  );
}

interface Live {
  readonly schema: Awaited<ReturnType<typeof stateAfter>>;
  readonly roles: readonly string[];
}

async function readLive(workspace: Workspace): Promise<Live> {
  return await workspace.withDatabase(async (database) =>
    database.withSession(async (session) => {
      const { versions } = await readDatabaseState(session, workspace.versionTable);
      if (versions.length > 0) {
        throw new NoBaselineError(
          `${workspace.target().display} stands at ${versionList(versions)}: it has a history.`,
          "find the folder with its revisions (--dir), or forget them first: `wellhead stamp --purge base`",
        );
      }
      const roles = await session.queryArrays("SELECT rolname::text FROM pg_catalog.pg_roles");
      return {
        schema: await stateAfter(session, async () => undefined),
        roles: roles.map(([name]) => String(name)),
      };
    }),
  );
}

/** Roles are the server's: whom the schema grants something is there when a revision runs. */
async function makeRoles(session: Session, names: readonly string[]): Promise<void> {
  const rows = await session.queryArrays("SELECT rolname::text FROM pg_catalog.pg_roles");
  const there = new Set(rows.map(([name]) => String(name)));
  for (const name of names)
    if (!there.has(name) && !name.startsWith("pg_"))
      await session.run(`CREATE ROLE "${name.replaceAll('"', '""')}"`);
}

/** Views of an older server as the scratch database writes them, where what they read can be built. */
async function retold(
  session: Session,
  snapshot: Live["schema"]["snapshot"],
  build: Make,
): Promise<Live["schema"]["snapshot"]> {
  if (![...snapshot.values()].some(({ queryStyle }) => queryStyle === "before 16")) return snapshot;
  try {
    return await undone(session, async () => {
      await build(session);
      return await retellQueries(session, snapshot, "since 16");
    });
  } catch (error) {
    // What does not run is told when the part is tried.
    if (error instanceof StatementError) return snapshot;
    throw error;
  }
}
