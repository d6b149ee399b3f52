import type { DatabaseState } from "./database-state.ts";

export const DEFAULT_LOCK_TIMEOUT_MS = 2_000;

/**
 * The settings of a migration's transaction, as SQL. A statement that waits for a lock makes every later statement on
 * that table wait behind it, the application's too: so it gives up soon and the transaction is tried again.
 */
export function transactionSettings(
  options: { readonly lockTimeoutMs?: number; readonly statementTimeoutMs?: number },
  { limitsTransactions }: Pick<DatabaseState, "limitsTransactions">,
): string {
  const { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS, statementTimeoutMs } = options;
  return [
    `SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs)}`,
    // A long step of a .ts revision may leave the server waiting: that is no idle client.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    // It is meant for the transactions of an application; a run may be long.
    ...(limitsTransactions ? ["SET LOCAL transaction_timeout = 0"] : []),
    // A client that the network has lost without a word must not keep its locks for the two hours of the system's default.
    "SET LOCAL tcp_keepalives_idle = 60",
    "SET LOCAL tcp_keepalives_interval = 10",
    ...(statementTimeoutMs === undefined
      ? []
      : [`SET LOCAL statement_timeout = ${Math.round(statementTimeoutMs)}`]),
  ].join(";\n");
}
