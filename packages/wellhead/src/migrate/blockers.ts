import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/index.ts";
import { DEFAULT_LOCK_TIMEOUT_MS } from "./settings.ts";

/** A server process that stood in the way of a statement of ours. */
export interface Blocker {
  readonly pid: number;
  readonly applicationName: string;
  /** What it ran last, shortened; empty where this user may not see it. */
  readonly query: string;
  /** How long its transaction had been open, in milliseconds. */
  readonly ageMs: number;
}

const LOOK_EVERY_MS = 500;

/** Which server process: by its number, or by how the statement begins that it runs. */
export type Watched = { readonly pid: number } | { readonly tag: string };

/** Looks, from a session of its own, at who blocks a server process. Stop it to get whom it saw last. */
export function watchBlockers(
  database: Database,
  watched: Watched,
  { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS }: { readonly lockTimeoutMs?: number },
): { readonly stop: () => Promise<readonly Blocker[]> } {
  const stopped = new AbortController();
  let seen: readonly Blocker[] = [];
  // Once at least before the statement gives up; 0 waits for ever.
  const everyMs = Math.min(LOOK_EVERY_MS, lockTimeoutMs / 2 || LOOK_EVERY_MS);
  const look = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stopped.signal, ref: false });
      const now = await database.withSession(
        async (session) =>
          await session.query<BlockerRow>(BLOCKERS, [
            "pid" in watched ? watched.pid : null,
            "tag" in watched ? watched.tag : null,
          ]),
      );
      if (now.length > 0) seen = now.map(blockerOf);
    }
  };
  // A server that gives no second session, or does not tell, only leaves the list empty.
  const looking = look().catch(() => undefined);
  return {
    stop: async () => {
      stopped.abort();
      await looking;
      return seen;
    },
  };
}

interface BlockerRow extends Record<string, unknown> {
  readonly pid: number;
  readonly application_name: string | null;
  readonly query: string | null;
  readonly age_ms: number | null;
}

const BLOCKERS = `
SELECT pid, application_name, left(regexp_replace(query, '\\s+', ' ', 'g'), 120) AS query,
  (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::float8 AS age_ms
FROM pg_catalog.pg_stat_activity WHERE pid IN (
  SELECT unnest(pg_blocking_pids(pid)) FROM pg_catalog.pg_stat_activity
  WHERE pid = $1 OR datname = current_database() AND state = 'active' AND starts_with(query, $2))`;

function blockerOf(row: BlockerRow): Blocker {
  return {
    pid: row.pid,
    applicationName: row.application_name ?? "",
    query: row.query ?? "",
    ageMs: Math.round(row.age_ms ?? 0),
  };
}
