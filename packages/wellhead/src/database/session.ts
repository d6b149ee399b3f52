/** A row as the driver gives it: column name to value. */
export type Row = Record<string, unknown>;

/**
 * One conversation with a database, over a Postgres server or the embedded Postgres alike. What it runs belongs to
 * one connection, so a transaction is `run("BEGIN")` … `run("COMMIT")` on the same session. What is asked without
 * awaiting the answer to what was asked before is answered in that order, and travels with it where possible.
 *
 * Every verb fails with a `StatementError` when Postgres refuses, and with a `ConnectionLostError` when the
 * connection is gone (a `StatementLimitError` when a time limit has ended an embedded Postgres); no driver's own error
 * comes through.
 */
export interface Session {
  /** Runs one statement with its parameters (`$1`, …); its rows, none when it returns none. One round trip. */
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
  /** The same, each row as the list of its values in the order of the columns. */
  queryArrays(sql: string, parameters?: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  /**
   * Runs a script of one or many statements as one message, in one round trip, and forgets its rows. When it fails,
   * the `StatementError` tells how many of the statements had been done. Outside a transaction Postgres treats the
   * whole script as one.
   */
  run(script: string): Promise<void>;
  /**
   * Runs scripts in their order, each as one message, and tells of each that is done. Inside a transaction, where
   * nothing runs after a failure, the next ones are sent before an answer has come, so that neither side waits for the
   * other. The first failure is thrown, of a script or of `onDone`; no script is under way any more then.
   *
   * @param question - a statement to send behind the last script in the same way; its rows are what is returned
   */
  runAll<R extends Row = Row>(
    scripts: Iterable<string>,
    onDone: (index: number) => void,
    question?: string,
  ): Promise<readonly R[]>;
  /** Statements that undo whatever role and settings were set since the session was opened; what the URL asked for stays. */
  readonly resetSettings: string;
}

/** How a session is lent. */
export interface SessionOptions {
  /**
   * How long the work may take, the wait for a session included, in milliseconds; default: as long as it likes. The
   * server is told so in a transaction; where no answer comes at all the connection is cut a second later.
   */
  readonly timeoutMs?: number;
}

/** What becomes of a database's sessions at this moment. */
export interface SessionCounts {
  /** Lent out, or being opened for somebody. */
  readonly inUse: number;
  /** Open and unused. */
  readonly idle: number;
  /** Those who wait for one. */
  readonly waiting: number;
}

/** A database that has answered: where sessions come from. Close it, or the process may not end. */
export interface Database {
  /** How many sessions can be out at once. */
  readonly maxSessions: number;
  /** Whether it runs inside this process, where nobody else can reach it. */
  readonly isEmbedded: boolean;
  readonly sessions: SessionCounts;
  /** Gives `work` a session of its own, and takes it back whatever happens. A session whose connection broke, or that `work` leaves inside a transaction, is thrown away. */
  withSession<T>(work: (session: Session) => Promise<T>, options?: SessionOptions): Promise<T>;
  /** Runs `work` in one transaction. It resolves only after COMMIT has returned; when `work` throws it rolls back and throws the same. */
  transaction<T>(work: (session: Session) => Promise<T>, options?: SessionOptions): Promise<T>;
  /**
   * Runs one statement in a transaction of its own, in one round trip where possible; its rows, each as the list of its
   * values. It resolves only after COMMIT has returned.
   */
  write(
    sql: string,
    parameters?: readonly unknown[],
    options?: SessionOptions,
  ): Promise<readonly (readonly unknown[])[]>;
  /** Waits for the sessions that are out, then closes. Calling it twice is harmless. */
  close(): Promise<void>;
}
