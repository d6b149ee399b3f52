import type { Session } from "../database/index.ts";
import { commit } from "./commit.ts";
import type { DatabaseState } from "./database-state.ts";
import { LockTimeoutError } from "./errors.ts";
import type { MigrateEvent } from "./events.ts";
import type { LockHolder } from "./lock-holder.ts";
import type { MigrateOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { withRetries } from "./retry.ts";
import { explainRefusal } from "./rights.ts";
import { transactionSettings } from "./settings.ts";
import { quoteLiteral } from "./version-table.ts";

const DEFAULT_WAIT_MS = 300_000;
const FIRST_POLL_MS = 50;
const SLOWEST_POLL_MS = 1_000;
const TELL_EVERY_MS = 5_000;

/** A transaction that holds the lock. */
export interface Locked<T> {
  /** The server process that it runs in. */
  readonly pid: number;
  readonly answer: T;
}

/**
 * Begins a transaction that holds the lock, polling while another process has it, and asks the first question in it,
 * all in one round trip. A waiter that blocked inside the locking statement would hold a snapshot, which
 * `CREATE INDEX CONCURRENTLY` of the holder waits for: both would hang. So it tries, ends its transaction and sleeps.
 *
 * @param ask - is also called where the lock is not had, and its answer then thrown away
 * @throws {LockTimeoutError} `E_LOCK_TIMEOUT`
 */
export async function beginLocked<T>(
  session: Session,
  state: DatabaseState,
  options: Pick<MigrateOptions, "waitForLockMs" | "signal"> & { readonly settings: string },
  emit: (event: MigrateEvent) => void,
  ask: () => Promise<T>,
): Promise<Locked<T>> {
  const begun = performance.now();
  let pollMs = FIRST_POLL_MS;
  let told = -Infinity;
  for (;;) {
    // READ COMMITTED whatever the database's default: the versions read after the lock must be the newest.
    const [, { taken, pid }, answer] = await Promise.all([
      session.run(`BEGIN ISOLATION LEVEL READ COMMITTED;\n${options.settings}`),
      tryLock(session, state),
      ask(),
    ]);
    if (taken) return { pid, answer };
    const waitedMs = performance.now() - begun;
    const isLast = waitedMs >= (options.waitForLockMs ?? DEFAULT_WAIT_MS);
    const tell = isLast || waitedMs - told >= TELL_EVERY_MS;
    const holder = tell ? await lockHolder(session, state) : undefined;
    await session.run("ROLLBACK");
    if (isLast) throw new LockTimeoutError(holder, waitedMs);
    if (tell) {
      told = waitedMs;
      emit({ kind: "waiting-for-lock", holder, waitedMs });
    }
    await pause(pollMs + Math.random() * pollMs, options.signal);
    pollMs = Math.min(pollMs * 2, SLOWEST_POLL_MS);
  }
}

/** Runs `work` in a transaction that holds the lock, and commits it; again while it fails with what another try can heal. */
export async function inLock<T>(
  session: Session,
  state: DatabaseState,
  options: MigrateOptions,
  work: () => Promise<T>,
): Promise<T> {
  const settings = transactionSettings(options, state);
  const emit = options.onEvent ?? (() => undefined);
  const attempt = async (): Promise<T> => {
    await beginLocked(session, state, { ...options, settings }, emit, async () => undefined);
    try {
      const result = await work();
      await commit(session);
      return result;
    } catch (error) {
      // The first failure is the one to tell; a connection that is gone has rolled back by itself.
      await session.run("ROLLBACK").catch(() => undefined);
      throw await explainRefusal(session, options, "write", error);
    }
  };
  return await withRetries(options, emit, attempt, () => []);
}

/**
 * Tries to take the lock of this version table for the transaction that is open on `session`. It is a
 * transaction-level advisory lock: it ends with the transaction whatever happens to the process, and it holds behind
 * a pooler in transaction mode, where a session-level lock would outlive its client.
 */
async function tryLock(session: Session, state: DatabaseState): Promise<{ taken: boolean; pid: number }> {
  const sql = `SELECT pg_try_advisory_xact_lock(${lockKey(state)}) AS taken, pg_backend_pid() AS pid`;
  const [row] = await session.query<{ taken: boolean; pid: number }>(sql);
  return row ?? { taken: false, pid: 0 };
}

/** Who holds the lock now, as far as the server lets this user see. */
async function lockHolder(session: Session, state: DatabaseState): Promise<LockHolder | undefined> {
  const [row] = await session.query<{ pid: number; application_name: string | null; since: Date | null }>(`
SELECT l.pid, a.application_name, a.xact_start AS since
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = ${lockKey(state)}`);
  if (row === undefined) return undefined;
  return { pid: row.pid, applicationName: row.application_name ?? "", since: row.since?.toISOString() ?? "" };
}

/** The key: database, schema and version table. The server hashes it, so every client agrees. */
function lockKey(state: DatabaseState): string {
  return `hashtextextended(${quoteLiteral(`wellhead ${state.database} ${state.schema} ${state.versionTable}`)}, 0)`;
}
