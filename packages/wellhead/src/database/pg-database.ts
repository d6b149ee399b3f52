import type { PgTarget } from "../database-url/index.ts";
import { connectWithRetry, type RetryOptions } from "./connect-retry.ts";
import { connectPg } from "./pg-connect.ts";
import { PooledDatabase } from "./pooled-database.ts";
import { SessionPool } from "./session-pool.ts";
import type { Database } from "./session.ts";

/** What opening a server's database needs to know beside the target. */
export interface PgDatabaseOptions extends RetryOptions {
  readonly maxSessions: number;
  readonly applicationName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How long one server may take to answer, where the URL has no connect_timeout. */
const ATTEMPT_MS = 10_000;

/** Connects with retry; later sessions make one attempt each, because somebody waits for them. */
export async function openPgDatabase(target: PgTarget, options: PgDatabaseOptions): Promise<Database> {
  const { applicationName, env, signal } = options;
  // libpq: 0 waits without limit. The whole budget is the limit then.
  const attemptMs = target.params?.connectTimeoutMs ?? ATTEMPT_MS;
  const limitMs = attemptMs === 0 ? Number.POSITIVE_INFINITY : attemptMs;
  const first = await connectWithRetry(
    async (leftMs) =>
      await connectPg(target, { applicationName, env, signal, timeoutMs: Math.min(limitMs, leftMs) }),
    options,
  );
  const pool = new SessionPool({
    open: async () =>
      await connectPg(target, { applicationName, env, timeoutMs: attemptMs === 0 ? ATTEMPT_MS : attemptMs }),
    maxSessions: Math.min(options.maxSessions, target.params?.poolMax ?? options.maxSessions),
  });
  pool.add(first);
  return new PooledDatabase(pool);
}
