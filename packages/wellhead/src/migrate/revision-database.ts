import { StatementError, type Row, type Session } from "../database/index.ts";
import { refuseTransactionControl, type RevisionDatabase, type RevisionFile } from "../revisions/index.ts";
import { RevisionEndedError } from "./errors.ts";
import { refuseInterrupted } from "./pause.ts";

/**
 * Gives a `.ts` revision its `db`: the open transaction of its run, and no way to end it. Ends when all is answered
 * that `work` has asked, awaited or not. After a statement that fails Postgres does nothing more in the transaction,
 * so the first failure is what is thrown, also where `work` has gone on behind it.
 */
export async function withRevisionDatabase(
  session: Session,
  file: RevisionFile,
  signal: AbortSignal | undefined,
  work: (db: RevisionDatabase) => Promise<void>,
): Promise<void> {
  const asked: Promise<unknown>[] = [];
  let isOver = false;
  let failed: StatementError | undefined;
  const ask = async <T>(call: Error, sql: string, answer: () => Promise<T>): Promise<T> => {
    if (isOver) throw new RevisionEndedError(file.revision, file.path);
    refuseInterrupted(signal);
    try {
      await refuseTransactionControl(sql, file);
      return await answer();
    } catch (error) {
      // What the server refuses comes in with the driver's stack: the line of the revision is in the caller's.
      if (error instanceof Error) error.stack = `${error.stack ?? error.message}\n${call.stack ?? ""}`;
      if (error instanceof StatementError) failed ??= error;
      throw error;
    }
  };
  /** One that nobody awaits must not end the process when it fails; one that comes too late has nobody else to tell. */
  const noted = <T>(promise: Promise<T>): Promise<T> => {
    if (!isOver) asked.push(promise.catch(() => undefined));
    return promise;
  };
  const query = <R extends Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]> =>
    noted(ask(new Error("called here"), sql, async () => await session.query<R>(sql, parameters)));
  const db: RevisionDatabase = {
    run: (sql) => noted(ask(new Error("called here"), sql, async () => await session.run(sql))),
    query,
    async *batches<R extends Row>(sql: string, parameters: readonly unknown[], size: number) {
      if (!Number.isInteger(size) || size < 1)
        throw new RangeError(`batches takes how many rows a list has, 1 or more, and got ${size}`);
      const cursor = `wellhead_batches_${(cursors += 1)}`;
      await query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, parameters);
      for (;;) {
        const rows = await query<R>(`FETCH ${size} FROM ${cursor}`);
        if (rows.length > 0) yield rows;
        if (rows.length < size) break;
      }
      await query(`CLOSE ${cursor}`);
    },
  };
  try {
    await work(db);
  } catch (error) {
    throw failed !== undefined && isOfAborted(error) ? failed : error;
  } finally {
    isOver = true;
    await Promise.all(asked);
  }
  if (failed !== undefined) throw failed;
}

let cursors = 0;

/** 25P02: refused because a statement before has failed. */
function isOfAborted(error: unknown): boolean {
  return error instanceof StatementError && error.sqlState === "25P02";
}
