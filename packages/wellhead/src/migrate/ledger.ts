import { qualified, quoteLiteral } from "./version-table.ts";

/** Our own table beside the version table: what ran, when, how long, with which checksum. */
export const LEDGER_TABLE = "wellhead_ledger";

/** What a line records: a step, a version that was set and not run, or an edited revision's new checksum. */
export type LedgerDirection = "upgrade" | "downgrade" | "stamp" | "accept";

/** One line of the ledger, as a step writes it. */
export interface LedgerEntry {
  readonly revision: string;
  readonly direction: LedgerDirection;
  /** SHA-256 of the upgrade's text, hexadecimal; null where no text was run. */
  readonly checksum: string | null;
  /** How many of the revision's statements are done; null where they were not counted. */
  readonly statementsDone: number | null;
  /** SQL expression of the start; the end is the server's clock when the line is written. */
  readonly startedAt: string;
  /** Who ran it: application name and host. */
  readonly appliedBy: string;
  readonly wellheadVersion: string;
}

export function createLedger(schema: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${qualified(schema, LEDGER_TABLE)} (` +
    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, " +
    "revision text NOT NULL, " +
    "direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade', 'stamp', 'accept')), " +
    "checksum text, " +
    "statements_done integer, " +
    "started_at timestamptz NOT NULL, " +
    "finished_at timestamptz, " +
    "applied_by text NOT NULL, " +
    "wellhead_version text NOT NULL)"
  );
}

/** The statement that records a finished step, with the server's own clock. */
export function insertLedgerEntry(schema: string, entry: LedgerEntry): string {
  const values = [
    quoteLiteral(entry.revision),
    quoteLiteral(entry.direction),
    entry.checksum === null ? "NULL" : quoteLiteral(entry.checksum),
    entry.statementsDone === null ? "NULL" : String(entry.statementsDone),
    entry.startedAt,
    "clock_timestamp()",
    quoteLiteral(entry.appliedBy),
    quoteLiteral(entry.wellheadVersion),
  ];
  return (
    `INSERT INTO ${qualified(schema, LEDGER_TABLE)} (revision, direction, checksum, statements_done, ` +
    `started_at, finished_at, applied_by, wellhead_version) VALUES (${values.join(", ")})`
  );
}
