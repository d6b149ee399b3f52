import { setTimeout as sleep } from "node:timers/promises";

import { ConnectAbortedError, ConnectError } from "./connect-errors.ts";

/** An attempt has failed in a way that may mend itself; the next one follows. */
export interface RetryEvent {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly reason: string;
  /** How long until the next one, in milliseconds. */
  readonly waitMs: number;
}

/** How long to go on. */
export interface RetryOptions {
  /** For all attempts and waits together, in milliseconds; 0 for one attempt only. */
  readonly connectTimeoutMs: number;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;
/** An attempt near the end of the time still gets this much. */
const SHORTEST_ATTEMPT_MS = 1_000;

/**
 * Tries until it works, the error is one that waiting does not mend, or the time is over. Waits grow twofold, each
 * shortened by chance, so that many processes that were started together do not come back together.
 *
 * @throws {ConnectError} the last attempt's
 */
export async function connectWithRetry<T>(
  attempt: (timeLeftMs: number) => Promise<T>,
  { connectTimeoutMs, onRetry, signal }: RetryOptions,
): Promise<T> {
  const begun = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    const leftMs = connectTimeoutMs - (performance.now() - begun);
    try {
      return await attempt(Math.max(leftMs, SHORTEST_ATTEMPT_MS));
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      error.attempts = attempts;
      error.triedForMs = performance.now() - begun;
      const stillLeftMs = connectTimeoutMs - error.triedForMs;
      if (!error.mayHeal || stillLeftMs <= 0) throw error;
      const waitMs = Math.min(backoffMs(attempts), stillLeftMs);
      onRetry?.({ attempt: attempts, reason: error.reason, waitMs });
      await pause(waitMs, signal);
    }
  }
}

function backoffMs(attempts: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
  return Math.ceil(longest * (0.5 + Math.random() / 2));
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new ConnectAbortedError(signal?.reason ?? error);
  }
}
