import type { StatementError } from "../database/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import type { LockHolder } from "./lock-holder.ts";
import { quoteIdentifier } from "./version-table.ts";
import { ofItsStatements } from "./statements-done.ts";

/** The search path names no schema that exists, or the configured one is not there. */
export class NoSchemaError extends WellheadError {
  readonly schema: string | undefined;

  constructor(schema: string | undefined, searchPath: string) {
    super(
      "E_NO_SCHEMA",
      schema === undefined
        ? `There is no schema to work in: the search path (${searchPath || "empty"}) names none that exists and may be used.`
        : `The schema "${schema}" of the version table does not exist.`,
      {
        hint:
          schema === undefined
            ? "create it (CREATE SCHEMA …), correct the schema of the URL, or set the user's search_path"
            : `create it (CREATE SCHEMA ${quoteIdentifier(schema)}), or change versionTableSchema`,
      },
    );
    this.schema = schema;
  }
}

/** Nothing can be written: a standby, or a database or user that is set to read only. */
export class ReadOnlyDatabaseError extends WellheadError {
  readonly database: string;
  readonly reason: "standby" | "setting";

  constructor(database: string, reason: "standby" | "setting") {
    super(
      "E_DB_READ_ONLY",
      reason === "standby"
        ? `The database "${database}" is a standby in recovery: it can be read, not written.`
        : `The database "${database}" is read only (default_transaction_read_only is on).`,
      {
        hint:
          reason === "standby"
            ? "point DATABASE_URL at the primary"
            : "see who set it: a host that is over its plan's limit, or ALTER DATABASE / ALTER ROLE … SET default_transaction_read_only",
      },
    );
    this.database = database;
    this.reason = reason;
  }
}

/** A table that has the name of one of ours is another program's. Nothing has run. */
export class TableShapeError extends WellheadError {
  constructor(versionTable: string, cause: StatementError) {
    super("E_TABLE_SHAPE", `${versionTable} or ${LEDGER_TABLE} is not as it should be: ${cause.reason}.`, {
      hint: "another program may have a table of that name: set versionTable or versionTableSchema in the configuration",
      cause,
    });
  }
}

/** A step would write an id that the version table's column does not hold. Nothing has run. */
export class VersionTooLongError extends WellheadError {
  readonly revision: string;
  readonly length: number;
  readonly limit: number;

  constructor(revision: string, limit: number, path: string | undefined) {
    super(
      "E_REVISION_ID_TOO_LONG",
      `The id ${revision}${path === undefined ? "" : ` (${path})`} has ${[...revision].length} characters; the version table holds ${limit}.`,
      { hint: "shorten the id in its file, in the file's name and wherever it is named; nothing was run" },
    );
    this.revision = revision;
    this.length = [...revision].length;
    this.limit = limit;
  }
}

/** Where a revision failed, and what Postgres said. */
export interface MigrationFailure {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly path: string;
  /** Line of the failing statement in the file, from 1; undefined where it is not known. */
  readonly line: number | undefined;
  readonly statement: string | undefined;
  /** Postgres' SQLSTATE, e.g. `42P01`; undefined when the failure was not a statement's. */
  readonly sqlState: string | undefined;
  /** Postgres' own message (or the exception's of a `.ts` revision), its detail and its hint. */
  readonly reason: string;
  readonly detail: string | undefined;
  readonly postgresHint: string | undefined;
  /** The versions the database stands at after the failed run was rolled back. */
  readonly versions: readonly string[];
  /** Of a `transaction: none` revision: how many of its statements are done and stay. */
  readonly statementsDone?: number;
}

/** A revision failed. What had been done in its transaction is rolled back: `versions` says where the database stands. */
export class MigrationFailedError extends WellheadError implements MigrationFailure {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string | undefined;
  readonly sqlState: string | undefined;
  readonly reason: string;
  readonly detail: string | undefined;
  readonly postgresHint: string | undefined;
  readonly versions: readonly string[];
  readonly statementsDone?: number;

  constructor(failure: MigrationFailure, cause: unknown) {
    const at = failure.line === undefined ? failure.path : `${failure.path}:${failure.line}`;
    const code = failure.sqlState === undefined ? "" : ` (${failure.sqlState})`;
    const detail = failure.detail === undefined ? "" : `\n  detail: ${failure.detail}`;
    const statement = failure.statement === undefined ? "" : `\n  statement: ${shortened(failure.statement)}`;
    super(
      "E_MIGRATION_FAILED",
      `${failure.direction} of ${failure.revision} failed at ${at}: ${failure.reason}${code}${detail}${statement}`,
      { hint: failureHint(failure), cause },
    );
    this.revision = failure.revision;
    this.direction = failure.direction;
    this.path = failure.path;
    this.line = failure.line;
    this.statement = failure.statement;
    this.sqlState = failure.sqlState;
    this.reason = failure.reason;
    this.detail = failure.detail;
    this.postgresHint = failure.postgresHint;
    this.versions = failure.versions;
    if (failure.statementsDone !== undefined) this.statementsDone = failure.statementsDone;
  }
}

/** The way out of what is no fault of the file. */
const ADVICE: Readonly<Record<string, string>> = {
  "55P03":
    "Others held the lock at every try: run again when they are done, or try longer with --lock-retries and --lock-timeout.",
  "57014":
    "It was cancelled by somebody, or by the statement_timeout of the user or database: --statement-timeout gives it another (0: no limit).",
  "40P01": "Run again.",
  "40001": "Run again.",
};

function failureHint(failure: MigrationFailure): string {
  const stands = failure.versions.length === 0 ? "at no version" : `at ${failure.versions.join(", ")}`;
  // A revision that raises an error with a hint of its own knows the way out better than we do.
  const known = failure.postgresHint?.replace(/\.?$/, ".") ?? ADVICE[failure.sqlState ?? ""];
  const advice = known ?? "Mend the file and run again.";
  if (failure.statementsDone !== undefined) {
    return `${advice} It runs outside a transaction: ${ofItsStatements(failure.statementsDone)}, and the next run goes on there.`;
  }
  return `Its transaction was rolled back; the database stands ${stands}. ${advice}`;
}

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/g, " ");
  return line.length <= 160 ? line : `${line.slice(0, 157)}...`;
}

/** The version table does not hold what the run has just written: somebody else changed it. The run is rolled back. */
export class VersionsChangedError extends WellheadError {
  readonly expected: readonly string[];
  readonly found: readonly string[];

  constructor(expected: readonly string[], found: readonly string[]) {
    super(
      "E_VERSIONS_CHANGED",
      `The version table holds ${listed(found)} where ${listed(expected)} were expected: another program changed it meanwhile.`,
      {
        hint: "its transaction was rolled back; see that only one tool migrates at a time, and run again",
      },
    );
    this.expected = expected;
    this.found = found;
  }
}

/** Another process held the lock of this version table for longer than we were told to wait. Nothing has run. */
export class LockTimeoutError extends WellheadError {
  readonly holder: LockHolder | undefined;
  readonly waitedMs: number;

  constructor(holder: LockHolder | undefined, waitedMs: number) {
    const who =
      holder === undefined
        ? "another process"
        : `server process ${holder.pid} (${holder.applicationName || "no application name"}, since ${holder.since})`;
    super(
      "E_LOCK_TIMEOUT",
      `Waited ${Math.round(waitedMs / 1000)} s for ${who}, which is migrating this database.`,
      {
        hint: "let it finish and run again, or see what it waits for in pg_stat_activity",
      },
    );
    this.holder = holder;
    this.waitedMs = waitedMs;
  }
}

/** A `.ts` revision has asked its `db` something when it had ended already: nobody awaited what did. */
export class RevisionEndedError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor(revision: string, path: string) {
    super("E_REVISION_ENDED", `${revision} (${path}) asks the database something after it has ended.`, {
      hint: "await every call inside the revision's function",
    });
    this.revision = revision;
    this.path = path;
  }
}

/** A downgrade would have to pass a revision that has none. Nothing has run. */
export class NoDowngradeError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly reason: string | undefined;

  constructor(revision: string, path: string, reason: string | undefined) {
    const isModule = path.endsWith(".ts");
    super(
      reason === undefined ? "E_NO_DOWNGRADE" : "E_IRREVERSIBLE",
      reason === undefined
        ? `${revision} has no downgrade: ${path} ${isModule ? "exports no function of that name" : "has no «-- downgrade» section"}.`
        : `${revision} cannot be taken back: ${reason} (${path}).`,
      {
        hint:
          reason === undefined
            ? `write one (it may be empty${isModule ? "" : ": the marker line alone"}), or choose a target above it`
            : "choose a target above it, or restore from a backup",
      },
    );
    this.revision = revision;
    this.path = path;
    this.reason = reason;
  }
}

/** A step is written in Python: only Alembic can run it. Nothing has run. */
export class PythonRevisionError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor(revision: string, path: string, direction: "upgrade" | "downgrade") {
    super(
      "E_PYTHON_REVISION",
      `${revision} is written in Python (${path}); Wellhead reads such files and never runs them.`,
      {
        hint:
          direction === "upgrade"
            ? `nothing was run; run it with Alembic (\`alembic upgrade ${revision}\`), or, where the database has it already, \`wellhead stamp ${revision}\``
            : "nothing was run; run it with Alembic (`alembic downgrade`)",
      },
    );
    this.revision = revision;
    this.path = path;
  }
}

/** This user may not create or write Wellhead's tables. Nothing has run. */
export class LedgerPermissionError extends WellheadError {
  /** Who lacks which rights on what, and the GRANT to ask for. */
  constructor(lacking: string, hint: string, cause: unknown) {
    super("E_LEDGER_PERMISSION", `Wellhead's tables cannot be used: ${lacking}.`, { hint, cause });
  }
}

function listed(versions: readonly string[]): string {
  return versions.length === 0 ? "no rows" : versions.join(", ");
}

/** A `.ts` revision asks the database something, and there is none under `--sql`. */
export class OfflineQueryError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor(revision: string, path: string) {
    super(
      "E_OFFLINE_QUERY",
      `${revision} (${path}) asks the database with query or batches: it cannot be printed as SQL.`,
      {
        hint: "run it against a database, or print the ranges before and after it (A:B)",
      },
    );
    this.revision = revision;
    this.path = path;
  }
}
