import { DatabaseClosedError } from "./errors.ts";
import type { PgConnection } from "./pg-connection.ts";
import type { SessionCounts } from "./session.ts";

/** How a pool gets its connections and how many it keeps. */
export interface SessionPoolOptions {
  readonly open: () => Promise<PgConnection>;
  /** How many connections may be open at once. */
  readonly maxSessions: number;
  /** How long an unused connection stays open, in milliseconds; default 30,000, because networks forget connections that are silent for long. */
  readonly idleTimeoutMs?: number | "never";
}

/**
 * Connections to lend, first come first served. Our own rather than `pg.Pool`, because a new connection may need
 * another server of the list than the last one, and because the embedded Postgres has one session to share.
 */
export class SessionPool {
  readonly maxSessions: number;
  readonly #open: () => Promise<PgConnection>;
  readonly #idleTimeoutMs: number | "never";
  /** The one used last comes first, so that the others can time out. */
  readonly #idle: IdleConnection[] = [];
  readonly #waiting: PromiseWithResolvers<PgConnection>[] = [];
  #borrowed = 0;
  #closing: PromiseWithResolvers<void> | undefined;

  constructor({ open, maxSessions, idleTimeoutMs = 30_000 }: SessionPoolOptions) {
    this.#open = open;
    this.maxSessions = maxSessions;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  get counts(): SessionCounts {
    return { inUse: this.#borrowed, idle: this.#idle.length, waiting: this.#waiting.length };
  }

  /** Adds a connection that is open already. */
  add(connection: PgConnection): void {
    this.#keep(connection);
  }

  /** Lends a connection; waits for its turn where all are out. Give it back with `giveBack`. */
  async borrow(): Promise<PgConnection> {
    if (this.#closing !== undefined) throw new DatabaseClosedError();
    if (this.#borrowed >= this.maxSessions) {
      const turn = Promise.withResolvers<PgConnection>();
      this.#waiting.push(turn);
      return await turn.promise;
    }
    this.#borrowed += 1;
    return await this.#take();
  }

  /** Takes a connection back, to lend it again or, unless `reusable`, to end it. */
  async giveBack(connection: PgConnection, { reusable }: { readonly reusable: boolean }): Promise<void> {
    const next = this.#waiting.shift();
    if (reusable) {
      if (next === undefined) this.#keep(connection);
      else next.resolve(connection);
    } else {
      await connection.end();
      if (next !== undefined) this.#take().then(next.resolve, next.reject);
    }
    if (next === undefined) this.#oneFewer();
  }

  /** Serves those who wait, then ends every connection. */
  async close(): Promise<void> {
    this.#closing ??= Promise.withResolvers<void>();
    if (this.#borrowed === 0) this.#closing.resolve();
    await this.#closing.promise;
    await Promise.all(
      this.#idle.splice(0).map(({ connection, timer }) => (clearTimeout(timer), connection.end())),
    );
  }

  /** A connection for a place that is counted as borrowed already. */
  async #take(): Promise<PgConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      clearTimeout(idle.timer);
      return idle.connection;
    }
    try {
      return await this.#open();
    } catch (error) {
      const next = this.#waiting.shift();
      // The place is free again: whoever waits for it tries in turn.
      if (next === undefined) this.#oneFewer();
      else this.#take().then(next.resolve, next.reject);
      throw error;
    }
  }

  #keep(connection: PgConnection): void {
    if (connection.isLost) return;
    this.#idle.push({ connection, timer: this.#endLater(connection) });
    connection.whenLost(() => this.#forget(connection));
  }

  #endLater(connection: PgConnection): NodeJS.Timeout | undefined {
    if (this.#idleTimeoutMs === "never") return undefined;
    const end = () => {
      this.#forget(connection);
      void connection.end();
    };
    return setTimeout(end, this.#idleTimeoutMs).unref();
  }

  #forget(connection: PgConnection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index === -1) return;
    const [idle] = this.#idle.splice(index, 1);
    clearTimeout(idle?.timer);
  }

  #oneFewer(): void {
    this.#borrowed -= 1;
    if (this.#borrowed === 0) this.#closing?.resolve();
  }
}

interface IdleConnection {
  readonly connection: PgConnection;
  readonly timer: NodeJS.Timeout | undefined;
}
