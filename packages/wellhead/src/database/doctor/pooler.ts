import { setTimeout as sleep } from "node:timers/promises";

import type { PgTarget, PoolMode } from "../../database-url/index.ts";
import { ConnectError } from "../connect-errors.ts";
import { StatementError } from "../errors.ts";
import type { PgConnection } from "../pg-connection.ts";
import { fails, holds, type Finding } from "./checkup.ts";
import { logIn, type Login } from "./login.ts";

/** A server process this much older than our connection was another one's before. */
const REUSED_MS = 1_000;
/** How long a session that waits for a server process is waited for. */
const PATIENCE_MS = 3_000;

/** What was seen between us and the server: one connection cannot tell a direct way from a pooler that keeps to it. */
type Seen = Exclude<PoolMode, "session"> | "reused" | "statement" | "unknown";

/**
 * Whether a pooler hands our statements to one server process or to several. Two sessions tell: while the second one
 * holds its server process inside a transaction, the first one's next statement must meet the same process as before.
 */
export async function checkPooler(login: Login): Promise<Finding<true>> {
  const begun = performance.now();
  const first = await logIn(login);
  try {
    const own = await withPatience(processOf(first));
    if (own === undefined) return judge("unknown", login.target);
    const isReused = own.ageMs - (performance.now() - begun) > REUSED_MS;
    const found = await besideAnother(login, first, own.pid);
    return judge(found === "direct" && isReused ? "reused" : found, login.target);
  } finally {
    await first.end();
  }
}

async function besideAnother(login: Login, first: PgConnection, pid: number): Promise<Seen> {
  let second: PgConnection | undefined;
  try {
    second = await logIn(login);
    // A pooler gives it a server process only now, and where it has no other one, not even now.
    const begun = second.run("BEGIN").then(() => "begun" as const);
    if ((await withPatience(begun)) === undefined) return "unknown";
    const answer = await withPatience(processOf(first));
    // Who keeps a process need not wait for one: the first one's has gone to the second.
    return answer?.pid === pid ? "direct" : "transaction";
  } catch (error) {
    if (error instanceof ConnectError) return "unknown";
    if (error instanceof StatementError && /statement pooling/i.test(error.reason)) return "statement";
    throw error;
  } finally {
    if (second !== undefined) await withPatience(second.run("ROLLBACK").catch(() => undefined));
    await second?.end();
  }
}

/** What comes in time; undefined when it does not. */
async function withPatience<T>(answer: Promise<T>): Promise<T | undefined> {
  // Whoever no longer waits has no use for the error either.
  answer.catch(() => undefined);
  const waiting = new AbortController();
  try {
    return await Promise.race([
      answer,
      sleep(PATIENCE_MS, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]);
  } finally {
    waiting.abort();
  }
}

async function processOf(connection: PgConnection): Promise<{ pid: number; ageMs: number }> {
  const [row] = await connection.query<{ pid: number; age: number }>(
    `SELECT pg_backend_pid() AS pid, coalesce((SELECT extract(epoch FROM clock_timestamp() - backend_start) * 1000
  FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()), 0)::float8 AS age`,
  );
  return { pid: row?.pid ?? 0, ageMs: row?.age ?? 0 };
}

function judge(seen: Seen, target: PgTarget): Finding<true> {
  const { poolMode } = target;
  switch (seen) {
    case "direct":
      if (poolMode === "transaction")
        return holds(
          "the URL speaks of a pooler in transaction mode, and each session kept its server process",
        );
      return holds("none was seen: each session kept its server process");
    case "reused":
      return holds(
        "one that keeps a server process for each session: session mode; migrations may run through it",
      );
    case "transaction":
      return throughTransactionPooler(target);
    case "statement":
      return fails(
        "one in statement mode, which knows no transactions",
        "set pool_mode = transaction or session at the pooler, or connect to the server itself",
      );
    case "unknown":
      return holds(
        "not known: there are no two more sessions to compare",
        "close other clients to learn more",
      );
    default:
      return seen satisfies never;
  }
}

function throughTransactionPooler({ poolMode, migrate }: PgTarget): Finding<true> {
  const way =
    migrate === undefined ? "work through it, under a lock of their transaction" : `take ${migrate.from}`;
  const detail = `one in transaction mode: the server process changes between transactions; migrations ${way}`;
  const advice = [
    ...(poolMode === "transaction"
      ? []
      : ["say so in the URL (pgbouncer=true), or named statements and SET reach other sessions"]),
    ...(migrate === undefined
      ? ["set DIRECT_URL to the server's own address: a `transaction: none` revision needs one session"]
      : []),
  ];
  return holds(detail, advice.join("; "));
}
