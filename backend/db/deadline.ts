import type { Database } from "wellhead";

/**
 * The same database, for requests: whatever is asked of it has an answer within the time, if only that there is none.
 * Migrations go by the database itself, because they may take as long as they need.
 */
export function withDeadline(database: Database, timeoutMs: number): Database {
  return {
    maxSessions: database.maxSessions,
    isEmbedded: database.isEmbedded,
    get sessions() {
      return database.sessions;
    },
    withSession: async (work, options) => await database.withSession(work, { timeoutMs, ...options }),
    transaction: async (work, options) => await database.transaction(work, { timeoutMs, ...options }),
    write: async (sql, parameters, options) =>
      await database.write(sql, parameters, { timeoutMs, ...options }),
    close: async () => await database.close(),
  };
}
