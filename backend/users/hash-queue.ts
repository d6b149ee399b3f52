import { HashQueueFullError } from "./errors.ts";

export interface HashQueueOptions {
  /** How many run at a time. */
  readonly concurrency: number;
  /** How many may wait for their turn. */
  readonly maxWaiting: number;
}

/** Hears what the queue does. */
export interface HashQueueObserver {
  /** One has its turn, after so long. */
  readonly waited: (waitedMs: number) => void;
  /** How many there are now. */
  readonly counted: (counts: { readonly running: number; readonly waiting: number }) => void;
  readonly refused: () => void;
}

/** Runs `work` when it is its turn. */
export type HashQueue = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A queue in which a bounded number of hashes run and a bounded number wait. Hashes run on the threads that DNS and
 * files need as well, so as many as there are processors leave some for them; and who would wait for long is told so
 * at once.
 *
 * @throws {HashQueueFullError} `E_HASH_QUEUE_FULL`, by what it returns.
 */
export function createHashQueue(options: HashQueueOptions, observer?: HashQueueObserver): HashQueue {
  const { concurrency, maxWaiting } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  const count = (): void => observer?.counted({ running, waiting: waiting.length });

  const turn = async (): Promise<void> => {
    if (running < concurrency) {
      running++;
      return;
    }
    if (waiting.length >= maxWaiting) {
      observer?.refused();
      throw new HashQueueFullError(maxWaiting);
    }
    // Who leaves hands over the place, so `running` stays as it is.
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      count();
    });
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
    count();
  };

  return async (work) => {
    const asked = performance.now();
    await turn();
    observer?.waited(performance.now() - asked);
    count();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
