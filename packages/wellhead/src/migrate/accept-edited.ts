import { hostname } from "node:os";
import type { Session } from "../database/index.ts";
import type { RevisionGraph } from "../graph/index.ts";
import { upgradeChecksum } from "../revisions/index.ts";
import { WELLHEAD_VERSION } from "../version.ts";
import { assertWritable, readDatabaseState, type DatabaseState } from "./database-state.ts";
import { editedRevisions } from "./edited.ts";
import { insertLedgerEntries } from "./ledger.ts";
import { inLock } from "./lock.ts";
import { loadMigrations, type Migrations } from "./migrations.ts";
import type { MigrateOptions } from "./options.ts";
import { appliedRevisions, pendingRevisions } from "./pending.ts";
import { RevisionNotAppliedError } from "./versions-errors.ts";
import { withDatabase } from "./with-database.ts";

/** Which edited revisions to accept, on which database. */
export interface AcceptEditedOptions extends MigrateOptions {
  /** Which revisions: ids or their unique prefixes. */
  readonly revisions: readonly string[];
}

/** What was accepted, by revision. */
export interface AcceptEditedResult {
  /** The revisions whose new checksum is recorded now. */
  readonly accepted: readonly string[];
  /** Those that needed it not: their text is the recorded one, or none was recorded. */
  readonly unedited: readonly string[];
}

/**
 * Takes an edited revision's new text for the applied one: a new line in the ledger records its checksum. Nothing is
 * run. All of the revisions or none.
 *
 * @throws {RevisionNotAppliedError} `E_REVISION_NOT_APPLIED`
 * @throws {WellheadError} `E_REVISION_NOT_FOUND` for a revision that no file declares
 */
export async function acceptEdited(options: AcceptEditedOptions): Promise<AcceptEditedResult> {
  const migrations = loadMigrations(options.migrations);
  const revisions = [...new Set(options.revisions.map((id) => migrations.graph.get(id).revision))];
  return await withDatabase(options, async (database) => {
    return await database.withSession(async (session) => {
      const seen = await readDatabaseState(session, options);
      const found = sort(revisions, seen, migrations);
      if (found.accepted.length === 0) return found;
      assertWritable(seen);
      return await inLock(session, seen, options, async () => {
        const state = await readDatabaseState(session, options);
        const { accepted, unedited } = sort(revisions, state, migrations);
        await record(session, state, accepted, migrations, options.applicationName ?? "wellhead");
        return { accepted, unedited };
      });
    });
  });
}

function sort(
  revisions: readonly string[],
  state: DatabaseState,
  migrations: Migrations,
): AcceptEditedResult {
  refuseUnapplied(revisions, state, migrations.graph);
  const edited = new Set(editedRevisions(state, migrations).map(({ revision }) => revision));
  return {
    accepted: revisions.filter((revision) => edited.has(revision)),
    unedited: revisions.filter((revision) => !edited.has(revision)),
  };
}

function refuseUnapplied(revisions: readonly string[], state: DatabaseState, graph: RevisionGraph): void {
  const applied = appliedRevisions(graph, state.versions, [...state.checksums.keys()]);
  const pending = new Set(pendingRevisions(graph, applied));
  const unapplied = revisions.filter((revision) => pending.has(revision));
  if (unapplied.length > 0) throw new RevisionNotAppliedError(unapplied, state.versions);
}

async function record(
  session: Session,
  state: DatabaseState,
  accepted: readonly string[],
  { files }: Migrations,
  applicationName: string,
): Promise<void> {
  const lines = accepted.flatMap((revision) => {
    const file = files.get(revision);
    if (file === undefined) return [];
    return insertLedgerEntries(state.schema, [
      {
        revision,
        direction: "accept",
        checksum: upgradeChecksum(file),
        statementsDone: null,
        startedAt: "statement_timestamp()",
        appliedBy: `${applicationName}@${hostname()}`,
        wellheadVersion: WELLHEAD_VERSION,
      },
    ]);
  });
  if (lines.length > 0) await session.run(lines.join(";\n"));
}
