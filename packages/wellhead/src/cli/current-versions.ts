import { readDatabaseState } from "../migrate/index.ts";
import type { Workspace } from "./workspace.ts";

/** The versions the database stands at; none where there is no database yet. Nothing is created. */
export async function versionsOf(workspace: Workspace): Promise<readonly string[]> {
  if (!workspace.hasDatabase()) return [];
  return await workspace.withDatabase(async (database) => {
    const state = await database.withSession(
      async (session) => await readDatabaseState(session, workspace.versionTable),
    );
    return state.versions;
  });
}
