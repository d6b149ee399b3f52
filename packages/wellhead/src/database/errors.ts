import { WellheadError } from "../wellhead-error.ts";

/** What Postgres tells about a statement that it refused, field for field. */
export interface StatementFailure {
  /** SQLSTATE, five characters. */
  readonly sqlState: string;
  /** Postgres' own message, without the SQLSTATE. */
  readonly reason: string;
  /** May hold values of rows, such as `Key (email)=(…) already exists.`: not for logs or clients. */
  readonly detail?: string | undefined;
  readonly postgresHint?: string | undefined;
  /** 1-based index into the text that was sent, counted as JavaScript counts. */
  readonly position?: number | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/**
 * E_STATEMENT: Postgres refused a statement.
 *
 * @see https://www.postgresql.org/docs/current/protocol-error-fields.html
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export class StatementError extends WellheadError implements StatementFailure {
  readonly sqlState: string;
  readonly reason: string;
  readonly detail: string | undefined;
  readonly postgresHint: string | undefined;
  readonly position: number | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** How many statements of a script were done before the one that failed; outside a transaction they are undone too. */
  readonly statementsDone: number;

  constructor(failure: StatementFailure, statementsDone: number, cause: unknown) {
    const hint = failure.postgresHint;
    super("E_STATEMENT", `${failure.reason} (SQLSTATE ${failure.sqlState})`, {
      ...(hint !== undefined && { hint }),
      cause,
    });
    this.sqlState = failure.sqlState;
    this.reason = failure.reason;
    this.detail = failure.detail;
    this.postgresHint = hint;
    this.position = failure.position;
    this.schema = failure.schema;
    this.table = failure.table;
    this.column = failure.column;
    this.constraint = failure.constraint;
    this.statementsDone = statementsDone;
  }
}

/** E_DB_CONNECTION_LOST: the connection ended while it was in use. What was not committed is rolled back. */
export class ConnectionLostError extends WellheadError {
  /** Why, as the server or the system said it. */
  readonly reason: string;
  /** SQLSTATE, when the server said goodbye: 57P01 for a shutdown, for one. */
  readonly sqlState: string | undefined;
  /** True when COMMIT had been sent and not answered: the transaction may have been committed or not. */
  readonly duringCommit: boolean;

  constructor(
    reason: string,
    options: {
      readonly sqlState?: string | undefined;
      readonly duringCommit?: boolean;
      /** For those who know more of what was going on. */
      readonly hint?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    const duringCommit = options.duringCommit ?? false;
    super("E_DB_CONNECTION_LOST", `The connection to the database was lost: ${reason}.`, {
      hint:
        options.hint ??
        (duringCommit
          ? "COMMIT had been sent and was not answered: look into the database whether the change is there before it is tried again."
          : "nothing of the open transaction was kept; it can be tried again once the database answers"),
      cause: options.cause,
    });
    this.reason = reason;
    this.sqlState = options.sqlState;
    this.duringCommit = duringCommit;
  }
}

/** E_DB_VALUE: a parameter cannot be sent, or a value that came back cannot be read. */
export class ValueError extends WellheadError {
  constructor(reason: string, cause: unknown) {
    super("E_DB_VALUE", `A value cannot be passed between JavaScript and Postgres: ${reason}`, {
      hint: "look at the statement's parameters: a circular object, for one, cannot become JSON",
      cause,
    });
  }
}

/** E_DB_TRANSACTION_ABORTED: COMMIT was answered with ROLLBACK, because a statement before it had failed. */
export class TransactionAbortedError extends WellheadError {
  constructor() {
    super("E_DB_TRANSACTION_ABORTED", "The transaction was rolled back: a statement in it had failed.", {
      hint: "let the failed statement's error through, or put the statement between SAVEPOINT and ROLLBACK TO",
    });
  }
}

/** E_DB_TRANSACTION_ENDED: the work inside a transaction ended it by itself. */
export class TransactionEndedError extends WellheadError {
  constructor() {
    super(
      "E_DB_TRANSACTION_ENDED",
      "The work inside a transaction ended it with its own COMMIT or ROLLBACK; what it ran after that was not in one transaction.",
      { hint: "take COMMIT and ROLLBACK out of the work, or use withSession and begin and commit by hand" },
    );
  }
}

/** E_DB_SESSION_RELEASED: a session was used after the work that it was given to had ended. */
export class SessionReleasedError extends WellheadError {
  constructor() {
    super("E_DB_SESSION_RELEASED", "This session was given back already; somebody else may be using it.", {
      hint: "await every statement inside the function that the session was given to",
    });
  }
}

/** E_DB_NESTED_SESSION: the only session of a database was asked for again by the work that holds it; it would wait for ever. */
export class NestedSessionError extends WellheadError {
  constructor() {
    super(
      "E_DB_NESTED_SESSION",
      "The database's only session was asked for again by the work that holds it.",
      {
        hint: "use the session that the work was given",
      },
    );
  }
}

/** E_DB_TIMEOUT: no session was free, or none could be opened, within the time that the work was given. */
export class DatabaseTimeoutError extends WellheadError {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super("E_DB_TIMEOUT", `The database had no session to give within ${timeoutMs} ms.`, {
      hint: "look whether it answers at all; if it does, the sessions are too few or their work is too slow",
    });
    this.timeoutMs = timeoutMs;
  }
}

/** E_DB_CLOSED: a session was asked for after the database was closed. */
export class DatabaseClosedError extends WellheadError {
  constructor() {
    super("E_DB_CLOSED", "The database was closed already.", { hint: "open it again, or close it later" });
  }
}

/** E_DB_UNSUPPORTED_DIALECT: the address names a database that Wellhead knows by name but does not speak to. */
export class UnsupportedDialectError extends WellheadError {
  constructor(display: string) {
    super("E_DB_UNSUPPORTED_DIALECT", `Wellhead speaks to Postgres only, and this is SQLite: ${display}.`, {
      hint: "leave DATABASE_URL unset for the embedded Postgres, or name a Postgres server in it",
    });
  }
}
