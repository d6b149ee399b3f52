import { StatementError, type Session } from "../database/index.ts";
import { NoSchemaError, ReadOnlyDatabaseError, TableShapeError } from "./errors.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import {
  quoteIdentifier,
  quoteLiteral,
  VERSION_NUM_LENGTH,
  type VersionTableOptions,
} from "./version-table.ts";

/** What a database says of itself, read in one round trip. */
export interface DatabaseState {
  readonly database: string;
  /** The schema of the version table: where it stands, or where it would be created. */
  readonly schema: string;
  readonly versionTable: string;
  readonly hasVersionTable: boolean;
  readonly hasLedger: boolean;
  /** The rows of the version table, sorted. */
  readonly versions: readonly string[];
  /** The same in the order of the table, which Alembic goes by where a target is relative. */
  readonly versionRows: readonly string[];
  /** The longest id the version table holds, in characters; Infinity for a column without a limit. */
  readonly versionLength: number;
  /** For each revision whose last entry in the ledger is a finished upgrade (or accepts an edit), the checksum of that time. */
  readonly checksums: ReadonlyMap<string, string>;
  /** Revisions whose last line in the ledger is unfinished, or was when it was read: somebody may be at it. */
  readonly unfinished: ReadonlyMap<string, "upgrade" | "downgrade">;
  /** A constraint is deferred from the start. */
  readonly defers: boolean;
  /** When the server was started, as it writes it. */
  readonly serverStart: string;
  /** `transaction_timeout` is set for this user or database; Postgres has it from 17 on. */
  readonly limitsTransactions: boolean;
  /** Why nothing can be written, if so. */
  readonly readOnly: "standby" | "setting" | undefined;
}

interface StateRow extends Record<string, unknown> {
  readonly database: string;
  readonly schema: string | null;
  readonly has_version_table: boolean;
  readonly has_ledger: boolean;
  readonly version_length: number | null;
  readonly defers: boolean;
  readonly search_path: string;
  readonly server_start: string;
  readonly limits_transactions: boolean;
  readonly in_recovery: boolean;
  readonly read_only: boolean;
  /** Each with the number of its row and a blank before it. */
  readonly versions: readonly string[];
  /** Lines of revision, blank, checksum; of an unfinished one a dash and the direction in its place. */
  readonly ledger: string;
}

/**
 * Reads the state of the database. Neither table need exist, and the answer still takes a single statement: SQL has
 * no «read this table if it is there», but `ts_stat` runs a query given as text, and that text can depend on the
 * catalogue. It returns the words of text search vectors, so rows travel as such; those of the ledger, which can be
 * many, as lines of one text, because `pg` takes an array apart letter by letter.
 */
export async function readDatabaseState(
  session: Session,
  options: VersionTableOptions,
): Promise<DatabaseState> {
  const versionTable = options.versionTable ?? "alembic_version";
  const [row] = await session
    .query<StateRow>(stateQuery(versionTable, options.versionTableSchema))
    .catch(async (error: unknown) => {
      if (isOfShape(error)) throw new TableShapeError(versionTable, error);
      const { explainRefusal } = await import("./rights.ts");
      throw await explainRefusal(session, options, "read", error);
    });
  if (row === undefined || row.schema === null)
    throw new NoSchemaError(options.versionTableSchema, row?.search_path ?? "");
  const versionRows = inRowOrder(row.versions);
  const ledger = row.ledger.split("\n").filter(Boolean).map(splitLedgerLine);
  return {
    database: row.database,
    schema: row.schema,
    versionTable,
    hasVersionTable: row.has_version_table,
    hasLedger: row.has_ledger,
    versions: versionRows.toSorted(),
    versionRows,
    versionLength: row.version_length ?? Infinity,
    checksums: new Map(ledger.filter(([, checksum]) => !checksum.startsWith("-"))),
    unfinished: new Map(ledger.flatMap(unfinishedDirection)),
    defers: row.defers,
    serverStart: row.server_start,
    limitsTransactions: row.limits_transactions,
    readOnly: row.in_recovery ? "standby" : row.read_only ? "setting" : undefined,
  };
}

/** A column that is not there, a value that is none. */
function isOfShape(error: unknown): error is StatementError {
  return error instanceof StatementError && ["42703", "22004"].includes(error.sqlState);
}

/** Throws when nothing can be written to the database that `state` was read from. */
export function assertWritable(state: DatabaseState): void {
  if (state.readOnly !== undefined) throw new ReadOnlyDatabaseError(state.database, state.readOnly);
}

function stateQuery(versionTable: string, schema: string | undefined): string {
  const prefix = schema === undefined ? "" : `${quoteIdentifier(schema)}.`;
  const version = `to_regclass(${quoteLiteral(prefix + quoteIdentifier(versionTable))})`;
  const home = schema === undefined ? "current_schema()" : quoteLiteral(schema);
  const wanted =
    schema === undefined
      ? home
      : `(SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ${quoteLiteral(schema)})`;
  return `
WITH relation AS MATERIALIZED (
  SELECT ${version}::oid AS version
), place AS MATERIALIZED (
  SELECT version, coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = version), ${wanted})::text AS schema
  FROM relation
), ledger AS MATERIALIZED (
  SELECT place.*, (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = schema AND c.relname = ${quoteLiteral(LEDGER_TABLE)}) AS ledger
  FROM place
)
SELECT current_database()::text AS database, schema,
  version IS NOT NULL AS has_version_table,
  ledger IS NOT NULL AS has_ledger,
  CASE WHEN version IS NULL THEN ${VERSION_NUM_LENGTH} ELSE (SELECT nullif(atttypmod, -1) - 4 FROM pg_catalog.pg_attribute WHERE attrelid = version AND attname = 'version_num') END AS version_length,
  EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE condeferred) AS defers,
  current_setting('search_path') AS search_path,
  pg_postmaster_start_time()::text AS server_start,
  coalesce(current_setting('transaction_timeout', true), '0') <> '0' AS limits_transactions,
  pg_is_in_recovery() AS in_recovery,
  current_setting('transaction_read_only') = 'on' AS read_only,
  ARRAY(SELECT word FROM ts_stat(CASE WHEN version IS NULL THEN 'SELECT NULL::tsvector' ELSE format('SELECT array_to_tsvector(ARRAY[row_number() OVER () || '' '' || version_num]) FROM %s', version::regclass) END)) AS versions,
  array_to_string(ARRAY(SELECT word FROM ts_stat(CASE WHEN ledger IS NULL THEN 'SELECT NULL::tsvector' ELSE format('SELECT array_to_tsvector(ARRAY[revision || '' '' || CASE WHEN finished_at IS NULL THEN ''-'' || direction ELSE checksum END]) FROM (SELECT DISTINCT ON (revision) revision, direction, checksum, finished_at FROM %s ORDER BY revision, id DESC) AS newest WHERE finished_at IS NULL OR direction IN (''upgrade'', ''accept'') AND checksum IS NOT NULL', ledger::regclass) END)), chr(10)) AS ledger
FROM ledger`;
}

function unfinishedDirection([revision, word]: [string, string]): [string, "upgrade" | "downgrade"][] {
  if (!word.startsWith("-")) return [];
  return [[revision, word === "-upgrade" ? "upgrade" : "downgrade"]];
}

function inRowOrder(numbered: readonly string[]): readonly string[] {
  const rows = numbered.map((word) => {
    const blank = word.indexOf(" ");
    return { number: Number(word.slice(0, blank)), version: word.slice(blank + 1) };
  });
  return rows.toSorted((a, b) => a.number - b.number).map(({ version }) => version);
}

function splitLedgerLine(line: string): [string, string] {
  const blank = line.lastIndexOf(" ");
  return [line.slice(0, blank), line.slice(blank + 1)];
}
