import { upgradeChecksum } from "../revisions/index.ts";
import { readDatabaseState } from "./database-state.ts";
import { LEDGER_TABLE, type LedgerDirection } from "./ledger.ts";
import { loadMigrations, type Migrations } from "./migrations.ts";
import type { StatusOptions } from "./status.ts";
import { qualified } from "./version-table.ts";
import { withDatabase } from "./with-database.ts";

/** A line of the ledger beside the file that it speaks of. */
export interface LedgerLine {
  readonly revision: string;
  readonly direction: LedgerDirection;
  /** ISO 8601, by the server's clock. */
  readonly startedAt: string;
  /** Null while a `transaction: none` revision is unfinished. */
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  /** How many statements are done; null where they were not counted. */
  readonly statementsDone: number | null;
  /** Application name and host. */
  readonly appliedBy: string;
  readonly wellheadVersion: string;
  /** SHA-256 of the upgrade's text, hexadecimal; null where none was recorded. */
  readonly checksum: string | null;
  readonly checksumState: ChecksumState;
}

/**
 * What a line's checksum says of the file today: `same` or `edited`; `superseded` by a later line of the same
 * revision; `missing` where there is no such file; `none` where no text was run to its end.
 */
export type ChecksumState = "same" | "edited" | "superseded" | "missing" | "none";

/**
 * Reads the ledger, oldest line first; none where there is no ledger, as in a database that Alembic made.
 *
 * @example
 * for (const line of await readLedger({ migrations: "migrations" })) console.log(line.revision, line.startedAt);
 */
export async function readLedger(options: StatusOptions): Promise<LedgerLine[]> {
  const migrations = loadMigrations(options.migrations);
  return await withDatabase(options, async (database) => {
    return await database.withSession(async (session) => {
      const state = await readDatabaseState(session, options);
      if (!state.hasLedger) return [];
      const rows = await session.query<LedgerRow>(linesQuery(qualified(state.schema, LEDGER_TABLE)));
      return rows.map((row) => lineOf(row, migrations));
    });
  });
}

interface LedgerRow extends Record<string, unknown> {
  readonly revision: string;
  readonly direction: LedgerDirection;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly duration_ms: number | null;
  readonly statements_done: number | null;
  readonly applied_by: string;
  readonly wellhead_version: string;
  readonly checksum: string | null;
  readonly is_last: boolean;
}

function linesQuery(ledger: string): string {
  const iso = (column: string): string =>
    `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
  return `
SELECT revision, direction, ${iso("started_at")}, ${iso("finished_at")},
  (extract(epoch FROM finished_at - started_at) * 1000)::float8 AS duration_ms,
  statements_done, applied_by, wellhead_version, checksum,
  id = max(id) OVER (PARTITION BY revision) AS is_last
FROM ${ledger} ORDER BY id`;
}

function lineOf(row: LedgerRow, migrations: Migrations): LedgerLine {
  return {
    revision: row.revision,
    direction: row.direction,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    statementsDone: row.statements_done,
    appliedBy: row.applied_by,
    wellheadVersion: row.wellhead_version,
    checksum: row.checksum,
    checksumState: checksumState(row, migrations),
  };
}

function checksumState(row: LedgerRow, { files }: Migrations): ChecksumState {
  if (row.checksum === null || row.finished_at === null) return "none";
  if (!row.is_last) return "superseded";
  const file = files.get(row.revision);
  if (file === undefined) return "missing";
  return upgradeChecksum(file) === row.checksum ? "same" : "edited";
}
