import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** From the signal to the end of the process, whatever still runs; platforms kill after 10 seconds. */
const DEADLINE_MS = 9_500;
/** How long requests may take to end. */
const DRAIN_MS = 8_000;

/**
 * A signal that aborts at the first SIGINT or SIGTERM. Later ones change nothing: npm passes a Ctrl-C on that the
 * terminal has sent already. At the deadline the process ends with status 0, whatever hangs.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    setTimeout(() => process.exit(0), DEADLINE_MS).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** Closes the port after the delay, and resolves when the requests that run have ended or have had their time. */
export async function drain(server: Server, delayMs: number): Promise<void> {
  await sleep(delayMs);
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that has answered waits for its client's next request: there is to be none.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const overdue = setTimeout(() => server.closeAllConnections(), DRAIN_MS - delayMs);
  await closed;
  clearInterval(idle);
  clearTimeout(overdue);
}
