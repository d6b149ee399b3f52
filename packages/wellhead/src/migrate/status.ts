import type { Session } from "../database/index.ts";
import { readDatabaseState, type DatabaseState } from "./database-state.ts";
import { editedRevisions } from "./edited.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import { loadMigrations, type Migrations, type MigrationsSource } from "./migrations.ts";
import type { DatabaseOptions } from "./options.ts";
import { appliedRevisions, pendingRevisions } from "./pending.ts";
import { qualified, type VersionTableOptions } from "./version-table.ts";
import { withDatabase } from "./with-database.ts";

/** Files and database side by side. Every list is empty where all is well. */
export interface Status {
  /** The heads of the files, in load order. */
  readonly heads: readonly string[];
  /** The rows of the version table, sorted. */
  readonly versions: readonly string[];
  /** What `upgrade heads` would run, oldest first. */
  readonly pending: readonly string[];
  /** Applied, by the version table or by the ledger, and in no file; sorted. */
  readonly unknown: readonly string[];
  /** Applied revisions whose upgrade text has changed since, in load order. */
  readonly edited: readonly string[];
  /** Indexes that a killed `CREATE INDEX CONCURRENTLY` left behind, named as the search path allows. */
  readonly invalidIndexes: readonly string[];
  /** `transaction: none` revisions that were begun and not finished. */
  readonly unfinished: readonly UnfinishedRevision[];
}

/** A `transaction: none` revision that was begun and not ended. */
export interface UnfinishedRevision {
  readonly revision: string;
  /** How many of its statements are done; the next run goes on behind them. */
  readonly statementsDone: number;
}

/** Which files to put beside which database. */
export interface StatusOptions extends DatabaseOptions, VersionTableOptions {
  /** The migrations folder, or several in load order, or what `loadMigrations` made of them. */
  readonly migrations: MigrationsSource;
}

/**
 * Reads where a database stands beside the files. It changes nothing, needs neither the version table nor the ledger,
 * and a version that no file declares is reported, not refused.
 *
 * @example
 * const { pending, edited } = await readStatus({ migrations: "migrations" });
 */
export async function readStatus(options: StatusOptions): Promise<Status> {
  const migrations = loadMigrations(options.migrations);
  return await withDatabase(options, async (database) => {
    return await database.withSession(async (session) => {
      const state = await readDatabaseState(session, options);
      const ledger = state.hasLedger ? await readLastLines(session, state) : [];
      return compare(migrations, state, ledger, await readInvalidIndexes(session));
    });
  });
}

/** The status where there is no database yet: everything is pending. */
export function statusWithoutDatabase({ graph }: Migrations): Status {
  return {
    heads: graph.heads(),
    versions: [],
    pending: pendingRevisions(graph, []),
    unknown: [],
    edited: [],
    invalidIndexes: [],
    unfinished: [],
  };
}

function compare(
  migrations: Migrations,
  state: DatabaseState,
  ledger: readonly LastLine[],
  invalidIndexes: readonly string[],
): Status {
  const { graph } = migrations;
  const { versions } = state;
  const recorded = ledger.filter((line) => line.isApplied).map((line) => line.revision);
  const pending = pendingRevisions(graph, appliedRevisions(graph, versions, recorded));
  return {
    heads: graph.heads(),
    versions,
    pending,
    unknown: [...new Set([...versions, ...recorded])].filter((id) => !graph.has(id)).toSorted(),
    edited: editedRevisions(state, migrations)
      .map(({ revision }) => revision)
      .filter((revision) => !pending.includes(revision)),
    invalidIndexes,
    unfinished: unfinishedAmong(ledger),
  };
}

/** The `transaction: none` revisions that were begun and not finished. */
export async function readUnfinished(session: Session, state: DatabaseState): Promise<UnfinishedRevision[]> {
  return state.hasLedger ? unfinishedAmong(await readLastLines(session, state)) : [];
}

function unfinishedAmong(ledger: readonly LastLine[]): UnfinishedRevision[] {
  return ledger
    .filter((line) => !line.isFinished)
    .map(({ revision, statementsDone }) => ({ revision, statementsDone }));
}

export interface LastLine {
  readonly revision: string;
  readonly statementsDone: number;
  readonly isFinished: boolean;
  /** An upgrade that is finished. A later stamp has the versions' word, so what was recorded before it does not count. */
  readonly isApplied: boolean;
}

/** The last line of each revision in the ledger. */
export async function readLastLines(session: Session, state: DatabaseState): Promise<LastLine[]> {
  const ledger = qualified(state.schema, LEDGER_TABLE);
  const rows = await session.query<{
    revision: string;
    statements_done: number | null;
    is_finished: boolean;
    is_applied: boolean;
  }>(`
SELECT revision, statements_done, finished_at IS NOT NULL AS is_finished,
  finished_at IS NOT NULL AND direction IN ('upgrade', 'accept')
    AND id > coalesce((SELECT max(id) FROM ${ledger} WHERE direction = 'stamp'), 0) AS is_applied
FROM (SELECT DISTINCT ON (revision) * FROM ${ledger} ORDER BY revision, id DESC) AS last ORDER BY id`);
  return rows.map((row) => ({
    revision: row.revision,
    statementsDone: row.statements_done ?? 0,
    isFinished: row.is_finished,
    isApplied: row.is_applied,
  }));
}

/** One that is being built right now is not broken; that of a partitioned table may wait for its partitions' indexes. */
async function readInvalidIndexes(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(`
SELECT x.indexrelid::regclass::text AS name
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
WHERE NOT x.indisvalid AND c.relkind = 'i'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)
ORDER BY 1`);
  return rows.map((row) => row.name);
}
