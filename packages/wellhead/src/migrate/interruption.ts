import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionLostError, StatementError, type Database, type Session } from "../database/index.ts";
import { readDatabaseState } from "./database-state.ts";
import { MigrationFailedError } from "./errors.ts";
import type { VersionTableOptions } from "./version-table.ts";
import { readUnfinished } from "./status.ts";
import { InterruptedError } from "./versions-errors.ts";

const ASK_AGAIN_MS = 250;
const GRACE_MS = 1_000;

/** Postgres' word for a statement that was cancelled on request. */
const CANCELED = "57014";

/**
 * Runs `work`, and when the signal is aborted asks with `cancel`, again and again until `work` has ended, for what it
 * runs to be cancelled: a request that comes between two statements finds nothing. No request is on its way any more
 * when this returns.
 */
export async function cancelling<T>(
  signal: AbortSignal | undefined,
  cancel: () => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return await work();
  const ended = new AbortController();
  const asking = askFor(cancel, signal, ended.signal);
  try {
    return await work();
  } finally {
    ended.abort();
    await asking;
  }
}

async function askFor(
  cancel: () => Promise<unknown>,
  signal: AbortSignal,
  ended: AbortSignal,
): Promise<void> {
  await either(signal, ended);
  while (!ended.aborted) {
    // A server that gives no second session cannot be asked: its statement has to end by itself.
    await cancel().catch(() => undefined);
    await sleep(ASK_AGAIN_MS, undefined, { signal: ended }).catch(() => undefined);
  }
}

async function either(a: AbortSignal, b: AbortSignal): Promise<void> {
  const any = AbortSignal.any([a, b]);
  if (any.aborted) return;
  await new Promise((resolve) => any.addEventListener("abort", resolve, { once: true }));
}

/**
 * Waits for work of a `.ts` revision, which may be waiting for anything: once the signal is aborted, and what it had
 * running on the database had time to be cancelled, no longer.
 *
 * @throws {InterruptedError} `E_INTERRUPTED`
 */
export async function leaving<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return await work;
  const settled = new AbortController();
  const givenUp = async (): Promise<never> => {
    await either(signal, settled.signal);
    await sleep(GRACE_MS, undefined, { signal: settled.signal }).catch(() => undefined);
    throw new InterruptedError();
  };
  try {
    return await Promise.race([work, givenUp()]);
  } finally {
    settled.abort();
  }
}

/** Cancels what a server process runs. It is asked on a second session, since the first waits for it. */
export async function cancelProcess(database: Database, pid: number): Promise<void> {
  if (database.maxSessions < 2) return;
  await database.withSession(async (session) => await session.query("SELECT pg_cancel_backend($1)", [pid]));
}

/** Cancels the statements that begin with a tag of ours, whichever server process a pooler gave them to. */
export async function cancelTagged(session: Session, tag: string): Promise<void> {
  await session.run("SELECT pg_stat_clear_snapshot()");
  await session.query(
    `SELECT pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND starts_with(query, $1)`,
    [tag],
  );
}

/**
 * The error to tell when a run has failed after its signal was aborted: if that is why, where the database stands now,
 * as it says itself.
 */
export async function interruptionOf(
  error: unknown,
  database: Database,
  options: VersionTableOptions,
): Promise<unknown> {
  if (!isInterruption(error)) return error;
  try {
    return await database.withSession(async (session) => {
      const state = await readDatabaseState(session, options);
      return new InterruptedError({
        versions: state.versions,
        unfinished: await readUnfinished(session, state),
      });
    });
  } catch {
    return new InterruptedError();
  }
}

function isInterruption(error: unknown): boolean {
  if (error instanceof InterruptedError) return true;
  const isOfStatement = error instanceof MigrationFailedError || error instanceof StatementError;
  if (isOfStatement) return error.sqlState === CANCELED || error.sqlState === undefined;
  return !(error instanceof ConnectionLostError);
}
