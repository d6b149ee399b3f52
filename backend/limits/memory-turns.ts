import { nowAndThen } from "../db/index.ts";
import { WINDOW_MS, type TurnStore } from "./limit.ts";

/** Turns in this process's memory: for a database that only this process has. */
export function memoryTurns(now: () => number = Date.now): TurnStore {
  const freeAt = new Map<string, number>();
  const forget = nowAndThen(async () => {
    for (const [key, time] of freeAt) if (time <= now()) freeAt.delete(key);
  });
  return {
    take: async (turns) => {
      await forget();
      const refused = new Map<string, number>();
      for (const { key, costMs } of turns) {
        const next = Math.max(freeAt.get(key) ?? 0, now()) + costMs;
        const waitMs = next - WINDOW_MS - now();
        // Shares of an hour that are no whole numbers add up to a little more than the hour.
        if (waitMs >= 1) refused.set(key, waitMs);
        else freeAt.set(key, next);
      }
      return refused;
    },
    giveBack: async (turns) => {
      for (const { key, costMs } of turns) freeAt.set(key, (freeAt.get(key) ?? 0) - costMs);
    },
  };
}
