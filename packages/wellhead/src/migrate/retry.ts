import { StatementError } from "../database/index.ts";
import type { Blocker } from "./blockers.ts";
import { MigrationFailedError } from "./errors.ts";
import type { MigrateEvent } from "./events.ts";
import { pause } from "./pause.ts";

/** What heals when the same transaction is tried again: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const WORTH_ANOTHER_TRY: Readonly<Record<string, string>> = {
  "55P03": "a lock was not had in time",
  "40P01": "a deadlock",
  "40001": "a serialisation failure",
};

const DEFAULT_RETRIES = 20;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Runs a transaction, again and again while it fails with what another try can heal. Between two tries nothing is
 * held, so the application's own statements get through; the wait doubles and is jittered, so that several do not
 * come back together.
 */
export async function withRetries<T>(
  options: { readonly lockRetries?: number; readonly signal?: AbortSignal },
  emit: (event: MigrateEvent) => void,
  attempt: () => Promise<T>,
  blockersOf: () => readonly Blocker[],
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      const reason = reasonToRetry(error);
      if (reason === undefined || tried > (options.lockRetries ?? DEFAULT_RETRIES)) throw error;
      const waitMs = Math.round(
        Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), LONGEST_WAIT_MS) * (0.5 + Math.random()),
      );
      emit({ kind: "retrying", attempt: tried, reason, blockers: blockersOf(), waitMs });
      await pause(waitMs, options.signal);
    }
  }
}

function reasonToRetry(error: unknown): string | undefined {
  if (isSameTable(error)) return "another process created the same table";
  if (!(error instanceof Error) || !("sqlState" in error) || typeof error.sqlState !== "string")
    return undefined;
  // A statement outside a transaction has had its own tries.
  if (error instanceof MigrationFailedError && error.statementsDone !== undefined) return undefined;
  return WORTH_ANOTHER_TRY[error.sqlState];
}

/** CREATE TABLE IF NOT EXISTS does not see a table that another transaction is creating, and then meets it in the catalogue. */
function isSameTable(error: unknown): boolean {
  return error instanceof StatementError && error.sqlState === "23505" && error.schema === "pg_catalog";
}
