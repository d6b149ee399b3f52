import type { PgTarget } from "../database-url/index.ts";
import { connectWithRetry, type RetryOptions } from "./connect-retry.ts";
import { connectPg } from "./pg-connect.ts";
import { PooledDatabase } from "./pooled-database.ts";
import { SessionPool } from "./session-pool.ts";
import type { Database } from "./session.ts";

/** What opening a server's database needs to know beside the target. */
export interface PgDatabaseOptions extends RetryOptions {
  readonly maxSessions: number;
  readonly idleTimeoutMs: number | undefined;
  readonly applicationName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How long one server may take to answer, where the URL has no connect_timeout. */
const ATTEMPT_MS = 10_000;

/** Connects with retry; later sessions make one attempt each, because somebody waits for them. */
export async function openPgDatabase(target: PgTarget, options: PgDatabaseOptions): Promise<Database> {
  const { applicationName, env, idleTimeoutMs, signal, maxSessions } = options;
  // libpq takes 0 for no limit; here the time for all attempts is the limit then.
  const attemptMs = target.params?.connectTimeoutMs ?? ATTEMPT_MS;
  const attempt = async (leftMs: number) =>
    await connectPg(target, {
      applicationName,
      env,
      signal,
      timeoutMs: Math.min(attemptMs || leftMs, leftMs),
    });
  const first = await connectWithRetry(attempt, options);
  const pool = new SessionPool({
    open: async () => await connectPg(target, { applicationName, env, timeoutMs: attemptMs || ATTEMPT_MS }),
    maxSessions: Math.min(maxSessions, target.params?.poolMax ?? maxSessions),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
  });
  pool.add(first);
  return new PooledDatabase(pool);
}
