import type { Session } from "../../database/index.ts";
import { sha256 } from "../../revisions/index.ts";
import type { DatabaseState } from "../database-state.ts";
import { LockTimeoutError } from "../errors.ts";
import type { MigrateEvent } from "../events.ts";
import type { LockHolder } from "../lock-holder.ts";
import type { MigrateOptions } from "../options.ts";
import { pause } from "../pause.ts";
import { quoteLiteral } from "../version-table.ts";

const POLL_MS = 200;
const TELL_EVERY_MS = 5_000;
const DEFAULT_WAIT_MS = 300_000;

/**
 * The comment in front of every statement of a `transaction: none` revision, by which `pg_stat_activity` shows whose
 * it is: a server process goes on with its statement when the client that sent it is dead.
 */
export function tagOf({ database, schema, versionTable }: DatabaseState, revision: string): string {
  const name = sha256(JSON.stringify([database, schema, versionTable, revision]));
  return `/* wellhead ${name.slice(0, 16)} */`;
}

/**
 * Waits until no server process works on the revision any more: what a run that died has sent goes on without it,
 * and without the lock. It asks on the session that holds the lock now.
 *
 * @throws {LockTimeoutError} `E_LOCK_TIMEOUT`
 */
export async function waitForLeftRunning(
  session: Session,
  tag: string,
  { waitForLockMs = DEFAULT_WAIT_MS, signal }: MigrateOptions,
  emit: (event: MigrateEvent) => void,
): Promise<void> {
  const begun = performance.now();
  let told = -Infinity;
  for (;;) {
    const holder = await leftRunning(session, tag);
    if (holder === undefined) return;
    const waitedMs = performance.now() - begun;
    if (waitedMs >= waitForLockMs) throw new LockTimeoutError(holder, waitedMs);
    if (waitedMs - told >= TELL_EVERY_MS) {
      told = waitedMs;
      emit({ kind: "waiting-for-lock", holder, waitedMs });
    }
    await pause(POLL_MS, signal);
  }
}

async function leftRunning(session: Session, tag: string): Promise<LockHolder | undefined> {
  // Inside a transaction the view goes on showing what it showed first. The function's portal must not stay open
  // either: what is left running may be waiting for snapshots to go.
  await session.run("SELECT pg_stat_clear_snapshot()");
  const [row] = await session.query<{ pid: number; application_name: string | null; since: Date | null }>(
    `SELECT pid, application_name, query_start AS since FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND starts_with(query, ${quoteLiteral(tag)})`,
  );
  await session.run("SELECT 1");
  if (row === undefined) return undefined;
  return { pid: row.pid, applicationName: row.application_name ?? "", since: row.since?.toISOString() ?? "" };
}
