import type { Branch } from "./branch.ts";
import type { RunAgain } from "./compare-orders.ts";
import type { Ground } from "./ground.ts";
import type { OrderOutcome } from "./run-order.ts";

/** How a head fares with nothing but the common ancestors. */
export interface Alone {
  readonly outcome: OrderOutcome;
  /** Filled tables that had to be emptied for it to run, or all where it does not run even then. */
  readonly withoutRows: readonly string[];
}

/** Runs orders of heads on a ground. */
export interface OrderRunner {
  readonly run: RunAgain;
  /** Of the tables that were filled, this one and all whose rows hang on its rows. */
  readonly tablesAtFault: (table: string) => Promise<readonly string[]>;
}

/** How many tables are emptied one after the other before all are. */
const ATTEMPTS = 3;

/**
 * Runs a head alone. One that fails on rows that were made up is tried without those of the table that Postgres
 * names, then without any: that it fails on rows is for the proof of rows to tell, and none of the other head's doing.
 */
export async function runAlone(
  branch: Branch,
  ground: Ground,
  { run, tablesAtFault }: OrderRunner,
): Promise<Alone> {
  const outcome = await run([branch], {});
  if (outcome.kind === "done" || ground.filled.length === 0) return { outcome, withoutRows: [] };
  let failed = outcome;
  let withoutRows: readonly string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && failed.table !== undefined; attempt += 1) {
    const fault = new Set([...withoutRows, ...(await tablesAtFault(failed.table))]);
    if (fault.size === withoutRows.length) break;
    withoutRows = ground.filled.filter((table) => fault.has(table));
    const next = await run([branch], { withoutRows });
    if (next.kind === "done") return { outcome: next, withoutRows };
    failed = next;
  }
  return { outcome: await run([branch], { withoutRows: ground.filled }), withoutRows: ground.filled };
}
