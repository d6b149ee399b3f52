import { AsyncLocalStorage } from "node:async_hooks";

import {
  ConnectionLostError,
  DatabaseTimeoutError,
  NestedSessionError,
  SessionReleasedError,
  TransactionAbortedError,
  TransactionEndedError,
} from "./errors.ts";
import type { PgConnection } from "./pg-connection.ts";
import type { SessionPool } from "./session-pool.ts";
import type { Database, Row, Session, SessionCounts, SessionOptions } from "./session.ts";

/** What kind of database it is. */
export interface PooledDatabaseOptions {
  /** Whether it runs inside this process; default false. */
  readonly isEmbedded?: boolean;
  /** Runs once, when the last connection has ended. */
  readonly afterClose?: () => Promise<void>;
}

/** A database over a pool of connections; the same for a server and for the embedded Postgres. */
export class PooledDatabase implements Database {
  readonly maxSessions: number;
  readonly isEmbedded: boolean;
  readonly #pool: SessionPool;
  readonly #afterClose: () => Promise<void>;
  readonly #lease = new AsyncLocalStorage<Lease>();
  #closed: Promise<void> | undefined;

  constructor(pool: SessionPool, { isEmbedded = false, afterClose }: PooledDatabaseOptions = {}) {
    this.maxSessions = pool.maxSessions;
    this.isEmbedded = isEmbedded;
    this.#pool = pool;
    this.#afterClose = afterClose ?? (async () => undefined);
  }

  get sessions(): SessionCounts {
    return this.#pool.counts;
  }

  async withSession<T>(work: (session: Session) => Promise<T>, options: SessionOptions = {}): Promise<T> {
    return await this.#withLease(options, async (lease) => await work(lease));
  }

  async transaction<T>(work: (session: Session) => Promise<T>, options: SessionOptions = {}): Promise<T> {
    return await this.#withLease(options, async (lease, connection) => {
      try {
        await connection.run(["BEGIN", ...this.#limits(options)].join("; "));
        const result = await work(lease);
        lease.end();
        await commit(connection);
        return result;
      } catch (error) {
        lease.end();
        // The first failure is the one to tell; a connection that is gone has rolled back by itself.
        await connection.run("ROLLBACK").catch(() => undefined);
        throw error;
      }
    });
  }

  async write(
    sql: string,
    parameters: readonly unknown[] = [],
    options: SessionOptions = {},
  ): Promise<readonly (readonly unknown[])[]> {
    return await this.#withLease(
      options,
      async (_lease, connection) => await connection.write(sql, parameters, this.#limits(options)),
    );
  }

  async close(): Promise<void> {
    this.#closed ??= this.#pool.close().then(this.#afterClose);
    await this.#closed;
  }

  async #withLease<T>(
    options: SessionOptions,
    work: (lease: Lease, connection: PgConnection) => Promise<T>,
  ): Promise<T> {
    if (this.maxSessions === 1 && this.#lease.getStore()?.isOut === true) throw new NestedSessionError();
    const connection = await this.#borrow(options);
    const lease = new Lease(connection);
    const overdue = this.#cutWhenOverdue(connection, options);
    try {
      return await this.#lease.run(lease, async () => await work(lease, connection));
    } finally {
      lease.end();
      await this.#giveBack(connection);
      clearTimeout(overdue);
    }
  }

  /** SET LOCAL ends with the transaction, so nothing is left behind in a pooler's server session. */
  #limits({ timeoutMs }: SessionOptions): readonly string[] {
    if (timeoutMs === undefined || this.isEmbedded) return [];
    return [`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`];
  }

  async #borrow({ timeoutMs }: SessionOptions): Promise<PgConnection> {
    if (timeoutMs === undefined) return await this.#pool.borrow();
    const borrowed = this.#pool.borrow();
    const overdue = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // Its turn in the queue comes all the same.
      borrowed.then(async (connection) => await this.#giveBack(connection)).catch(() => undefined);
      overdue.reject(new DatabaseTimeoutError(timeoutMs));
    }, timeoutMs);
    return await Promise.race([borrowed, overdue.promise]).finally(() => clearTimeout(timer));
  }

  /** The embedded Postgres works on this very thread: while it does, no timer can run. */
  #cutWhenOverdue(connection: PgConnection, { timeoutMs }: SessionOptions): NodeJS.Timeout | undefined {
    if (timeoutMs === undefined || this.isEmbedded) return undefined;
    return setTimeout(() => connection.cut(`no answer within ${timeoutMs} ms`), timeoutMs + GRACE_MS);
  }

  async #giveBack(connection: PgConnection): Promise<void> {
    const status = await connection.transactionStatus();
    await this.#pool.giveBack(connection, { reusable: status === "I" });
  }
}

/** A server that is alive ends an overdue statement by itself, which spares the connection: it has this long to say so. */
const GRACE_MS = 1_000;

/** Commits, and makes sure that it did: of a transaction that has failed, COMMIT only makes a rollback. */
async function commit(connection: PgConnection): Promise<void> {
  const status = await connection.transactionStatus();
  if (status === "I") throw new TransactionEndedError();
  let tag: string;
  try {
    tag = await connection.run("COMMIT");
  } catch (error) {
    if (!(error instanceof ConnectionLostError) || status === undefined) throw error;
    const { reason, sqlState } = error;
    throw new ConnectionLostError(reason, { sqlState, duringCommit: true, cause: error.cause });
  }
  if (tag !== "COMMIT") throw new TransactionAbortedError();
}

/** A session while it is lent out; afterwards it refuses, because its connection may serve somebody else by then. */
class Lease implements Session {
  isOut = true;
  readonly resetSettings: string;
  readonly #connection: PgConnection;

  constructor(connection: PgConnection) {
    this.resetSettings = connection.resetSettings;
    this.#connection = connection;
  }

  end(): void {
    this.isOut = false;
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
    return await this.#use().query<R>(sql, parameters);
  }

  async queryArrays(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly (readonly unknown[])[]> {
    return await this.#use().queryArrays(sql, parameters);
  }

  async run(script: string): Promise<void> {
    await this.#use().run(script);
  }

  async runAll<R extends Row = Row>(
    scripts: Iterable<string>,
    onDone: (index: number) => void,
    question?: string,
  ): Promise<readonly R[]> {
    return await this.#use().runAll<R>(scripts, onDone, question);
  }

  #use(): PgConnection {
    if (!this.isOut) throw new SessionReleasedError();
    return this.#connection;
  }
}
