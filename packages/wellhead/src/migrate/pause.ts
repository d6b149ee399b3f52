import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "./versions-errors.ts";

/** @throws {InterruptedError} `E_INTERRUPTED` when the signal is aborted */
export function refuseInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new InterruptedError();
}

/**
 * Sleeps, and ends at once when the signal is aborted.
 *
 * @throws {InterruptedError} `E_INTERRUPTED`
 */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  refuseInterrupted(signal);
  await sleep(ms, undefined, { ...(signal !== undefined && { signal }) }).catch(() => undefined);
  refuseInterrupted(signal);
}
