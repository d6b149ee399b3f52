import { hostname } from "node:os";
import type { Session } from "../database/index.ts";
import type { StampStep } from "../graph/index.ts";
import { WELLHEAD_VERSION } from "../version.ts";
import { assertWritable, readDatabaseState, type DatabaseState } from "./database-state.ts";
import { VersionTooLongError } from "./errors.ts";
import { insertLedgerEntries } from "./ledger.ts";
import { inLock } from "./lock.ts";
import { loadMigrations } from "./migrations.ts";
import type { MigrateOptions } from "./options.ts";
import { createTables, hasTables, readVersions } from "./tables.ts";
import { qualified, versionRowChanges, versionRowStatement } from "./version-table.ts";
import { withDatabase } from "./with-database.ts";

/** Which versions to set, on which database. */
export interface StampOptions extends MigrateOptions {
  /** The targets to set the versions to. */
  readonly targets: readonly string[];
  /** Delete all rows first, without a look at them: the way out of a row that no file knows. Default false. */
  readonly purge?: boolean;
}

/** The versions before and after, and the changes between them. */
export interface StampResult {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly steps: readonly StampStep[];
}

/**
 * Sets the versions of a database and runs nothing.
 *
 * @throws {WellheadError} for targets that do not resolve, or that would leave a revision beside its own ancestor.
 */
export async function stamp(options: StampOptions): Promise<StampResult> {
  const migrations = loadMigrations(options.migrations);
  const { targets: to, purge = false } = options;
  return await withDatabase(options, async (database) => {
    return await database.withSession(async (session) => {
      const seen = await readDatabaseState(session, options);
      assertWritable(seen);
      return await inLock(session, seen, options, async () => {
        const { state } = await createTables(
          session,
          hasTables(seen) ? seen : await readDatabaseState(session, options),
        );
        const from = await readVersions(session, state);
        const steps = migrations.graph.planStamp({ from, to, purge });
        const after = steps.at(-1)?.versionsAfter ?? (purge ? [] : from);
        const tooLong = after.find((id) => !from.includes(id) && [...id].length > state.versionLength);
        if (tooLong !== undefined) {
          throw new VersionTooLongError(tooLong, state.versionLength, migrations.graph.get(tooLong).path);
        }
        await writeStamp(session, state, { from, after, purge }, options.applicationName ?? "wellhead");
        return { from: from.toSorted(), to: after.toSorted(), steps };
      });
    });
  });
}

async function writeStamp(
  session: Session,
  state: DatabaseState,
  {
    from,
    after,
    purge,
  }: { readonly from: readonly string[]; readonly after: readonly string[]; readonly purge: boolean },
  applicationName: string,
): Promise<void> {
  // A purge sets every row anew, also one that was there before.
  const entries = after
    .filter((id) => purge || !from.includes(id))
    .map((revision) =>
      insertLedgerEntries(state.schema, [
        {
          revision,
          direction: "stamp",
          checksum: null,
          statementsDone: null,
          startedAt: "statement_timestamp()",
          appliedBy: `${applicationName}@${hostname()}`,
          wellheadVersion: WELLHEAD_VERSION,
        },
      ]),
    );
  const relation = qualified(state.schema, state.versionTable);
  const rows = versionRowChanges(from, after).map((change) => versionRowStatement(relation, change));
  const statements = [...rows, ...entries];
  if (statements.length > 0) await session.run(statements.join(";\n"));
}
