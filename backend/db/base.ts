import { AsyncLocalStorage } from "node:async_hooks";
import type { Database, Session } from "wellhead";
import { drizzle, DrizzleQueryError, serial, timestamp, type Orm } from "./drizzle.ts";

/** The columns that every table of things has in this backend; spread them into `pgTable`. */
export const baseColumns = {
  id: serial("id").primaryKey(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
};

/** Where the queries of the work that runs go. */
const current = new AsyncLocalStorage<Session["queryArrays"]>();

/**
 * Drizzle over the session of the work that calls it, inside {@link transaction} or {@link statement}. There is one
 * for all, so that a query can be prepared once: to put its text together costs more than all else about it.
 */
export const orm: Orm = drizzle(async (sql, parameters) => {
  const query = current.getStore();
  if (query === undefined) throw new Error("a query outside transaction(), write() and statement()");
  return { rows: [...(await query(sql, parameters))] };
});

/**
 * Runs `work` in one transaction and resolves only after COMMIT has returned: what it resolves with has been written.
 *
 * @throws {WellheadError} the database's own: `E_STATEMENT` when Postgres refuses, `E_DB_…` when it is away.
 */
export async function transaction<T>(database: Database, work: (orm: Orm) => Promise<T>): Promise<T> {
  return await database.transaction(async (session) => await withOrm(arraysOf(session), work));
}

/** {@link transaction} for a single statement: it takes one round trip where that takes three. */
export async function write<T>(database: Database, work: (orm: Orm) => Promise<T>): Promise<T> {
  return await withOrm(async (sql, parameters) => await database.write(sql, parameters), work);
}

/** Runs `work` outside a transaction: for a single statement, which is one of its own. */
export async function statement<T>(database: Database, work: (orm: Orm) => Promise<T>): Promise<T> {
  return await database.withSession(async (session) => await withOrm(arraysOf(session), work));
}

function arraysOf(session: Session): Session["queryArrays"] {
  return async (sql, parameters) => await session.queryArrays(sql, parameters);
}

async function withOrm<T>(query: Session["queryArrays"], work: (orm: Orm) => Promise<T>): Promise<T> {
  try {
    return await current.run(query, async () => await work(orm));
  } catch (error) {
    // Drizzle writes the statement's parameters (an e-mail, a hash) into its message: only the cause goes on.
    throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
  }
}
