const INTERVAL_MS = 60_000;

/**
 * `work` once a minute at most, for the first who comes by: old rows go without a job of their own. It may fail, for
 * the next one tries again, and nobody's request depends on it.
 */
export function nowAndThen(work: () => Promise<void>): () => Promise<void> {
  let next = 0;
  return async () => {
    if (performance.now() < next) return;
    next = performance.now() + INTERVAL_MS;
    await work().catch(() => undefined);
  };
}
