import type { Database, Session } from "../../database/index.ts";

/**
 * Gives `work` a session on which no transaction is open, while nobody else can migrate. On a server it is a second
 * one: the transaction on `session` stays open and holds the lock, so that it ends with us, also behind a pooler.
 */
export async function outsideTransaction<T>(
  database: Database,
  session: Session,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (database.isEmbedded) return await onTheOnlySession(session, work);
  await session.run(MAY_STAY_OPEN);
  return await database.withSession(work);
}

/**
 * Lets the open transaction last. As a script of its own it also closes the portal of the query before it, which would
 * keep a snapshot, and CREATE INDEX CONCURRENTLY waits for snapshots. `transaction_timeout` is Postgres 17's.
 */
const MAY_STAY_OPEN =
  "SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('transaction_timeout', true) IS NOT NULL";

/** An embedded database has no other client, and its session is ours until we give it back: the lock need not last. */
async function onTheOnlySession<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  await session.run("COMMIT");
  const result = await work(session);
  await session.run("BEGIN ISOLATION LEVEL READ COMMITTED");
  return result;
}
