import type { Database } from "../database/index.ts";

/** A scratch database: made for one question and thrown away. */
export interface Scratch {
  /** Has one session. */
  readonly database: Database;
  readonly engine: "pglite" | "server";
  /** Of Postgres, such as `18.6`. */
  readonly version: string;
  /**
   * A true copy of all that is committed, with a life of its own; the caller closes it. For what cannot run in a
   * transaction: anything else is undone by a savepoint at a thirtieth of the price. No session may be out meanwhile.
   */
  copy(): Promise<Scratch>;
  /** Throws the database away. Calling it twice is harmless. */
  close(): Promise<void>;
}

/** What a scratch database is made of. */
export interface ScratchOptions {
  /** A server of which it becomes a database of its own, dropped at the end; default: the embedded Postgres. The role must be allowed to create databases. */
  readonly serverUrl?: string | undefined;
  /** Extensions that the embedded Postgres must be able to create: see `neededExtensions`. A server has what it has. */
  readonly extensions?: readonly string[];
  /** Roles that the embedded Postgres begins with: see `rolesOf`. A server has its own. */
  readonly roles?: readonly string[];
  /** Roles that are created in it: a server would keep those that it has not had before, so they are dropped at the end. */
  readonly createdRoles?: readonly string[];
  /** How long a statement may take, in milliseconds; default 30,000. It then fails with a `StatementLimitError` (embedded) or SQLSTATE 57014 (server). */
  readonly statementLimitMs?: number;
  /** Ends it when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}
