import { UnknownVersionError } from "../graph/index.ts";
import { readDatabaseState } from "./database-state.ts";
import { loadMigrations } from "./migrations.ts";
import { appliedRevisions, withAncestors } from "./pending.ts";
import { readLastLines, type StatusOptions } from "./status.ts";
import { withDatabase } from "./with-database.ts";

/**
 * The revisions that a database has, or has begun: by its versions, and where these are of another code by its ledger.
 * It changes nothing, and needs neither table.
 *
 * @throws UnknownVersionError E_REVISION_NOT_FOUND where no file declares a version and there is no ledger: what it
 * stands on cannot be told
 */
export async function readApplied(options: StatusOptions): Promise<ReadonlySet<string>> {
  const { graph } = loadMigrations(options.migrations);
  return await withDatabase(options, async (database) => {
    return await database.withSession(async (session) => {
      const state = await readDatabaseState(session, options);
      const unknown = state.versions.filter((version) => !graph.has(version));
      if (unknown.length > 0 && !state.hasLedger) throw new UnknownVersionError(unknown, undefined);
      const ledger = state.hasLedger ? await readLastLines(session, state) : [];
      const recorded = ledger.filter((line) => line.isApplied).map((line) => line.revision);
      const begun = ledger.filter((line) => !line.isFinished).map((line) => line.revision);
      const known = appliedRevisions(graph, state.versions, recorded).filter((id) => graph.has(id));
      return new Set([...withAncestors(graph, known), ...begun]);
    });
  });
}
