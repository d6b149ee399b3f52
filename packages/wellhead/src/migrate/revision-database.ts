import type { Row, Session } from "../database/index.ts";
import { refuseTransactionControl, type RevisionDatabase, type RevisionFile } from "../revisions/index.ts";
import { refuseInterrupted } from "./pause.ts";

/** What a `.ts` revision gets as `db`: the open transaction of its run, and no way to end it. */
export function revisionDatabase(
  session: Session,
  file: RevisionFile,
  signal?: AbortSignal,
): RevisionDatabase {
  return {
    async run(sql) {
      refuseInterrupted(signal);
      const call = new Error("called here");
      await refuseTransactionControl(sql, file);
      await session.run(sql).catch((error: unknown) => failWithCaller(error, call));
    },
    async query<R extends Row>(sql: string, parameters?: readonly unknown[]) {
      refuseInterrupted(signal);
      const call = new Error("called here");
      await refuseTransactionControl(sql, file);
      return await session.query<R>(sql, parameters).catch((error: unknown) => failWithCaller(error, call));
    },
    async *batches<R extends Row>(sql: string, parameters: readonly unknown[], size: number) {
      const cursor = `wellhead_batches_${(cursors += 1)}`;
      await session.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, parameters);
      for (;;) {
        refuseInterrupted(signal);
        const rows = await session.query<R>(`FETCH ${size} FROM ${cursor}`);
        if (rows.length > 0) yield rows;
        if (rows.length < size) break;
      }
      await session.run(`CLOSE ${cursor}`);
    },
  };
}

let cursors = 0;

/** What the server refuses comes in with the driver's stack: the line of the revision is in the caller's. */
function failWithCaller(error: unknown, call: Error): never {
  if (error instanceof Error) error.stack = `${error.stack ?? error.message}\n${call.stack ?? ""}`;
  throw error;
}
