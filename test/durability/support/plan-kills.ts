import type { KillPlanner } from "./kill-round.ts";
import { KILLS, type KillName } from "./kill.ts";
import { pick } from "./random.ts";

/**
 * The kills of a way, up to `most`: each at a message of the run chosen at random, and mostly a little after it, as
 * statements take their time. Half of the cuts wait for the next COMMIT.
 */
export function killPlanner(random: () => number, names: readonly KillName[], most: number): KillPlanner {
  return (messages) => {
    let left = 1 + Math.floor(random() * most);
    return () => {
      if (left === 0) return undefined;
      left -= 1;
      const name = pick(random, names);
      const atMessage = Math.floor(random() * messages);
      const delayMs = KILLS[name].kind === "cut" ? Math.round(random()) : pick(random, [0, 2, 10, 40, 120]);
      return { name, atMessage, delayMs };
    };
  };
}
