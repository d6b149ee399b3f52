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
  /** SQL expression of the start. */
  readonly startedAt: string;
  /** The same of the end; default: the server's clock when the line is written. */
  readonly finishedAt?: string;
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

/** The statement that records finished steps, in their order, by the server's own clock. */
export function insertLedgerEntries(schema: string, entries: readonly LedgerEntry[]): string {
  return (
    `INSERT INTO ${qualified(schema, LEDGER_TABLE)} (revision, direction, checksum, statements_done, ` +
    `started_at, finished_at, applied_by, wellhead_version) VALUES ${entries.map(values).join(", ")}`
  );
}

function values(entry: LedgerEntry): string {
  const {
    revision,
    direction,
    checksum,
    statementsDone,
    startedAt,
    finishedAt = "clock_timestamp()",
  } = entry;
  const all = [
    quoteLiteral(revision),
    quoteLiteral(direction),
    checksum === null ? "NULL" : quoteLiteral(checksum),
    statementsDone === null ? "NULL" : String(statementsDone),
    startedAt,
    finishedAt,
    quoteLiteral(entry.appliedBy),
    quoteLiteral(entry.wellheadVersion),
  ];
  return `(${all.join(", ")})`;
}
