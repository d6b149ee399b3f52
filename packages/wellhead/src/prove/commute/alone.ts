import type { Session } from "../../database/index.ts";
import type { Branch } from "./branch.ts";
import type { RunAgain } from "./compare-orders.ts";
import type { Ground } from "./ground.ts";
import type { OrderOutcome } from "./run-order.ts";
import { tablesAtFault } from "./seeded-rows.ts";

/** How a head fares with nothing but the common ancestors. */
export interface Alone {
  readonly outcome: OrderOutcome;
  /** Filled tables that had to be emptied for it to run, or all where it does not run even then. */
  readonly withoutRows: readonly string[];
}

/** How many tables are emptied one after the other before all are. */
const ATTEMPTS = 3;

/**
 * Runs a head alone. One that fails on rows that were made up is tried without those of the table that Postgres
 * names, then without any: that it fails on rows is for the proof of rows to tell, and none of the other head's doing.
 */
export async function runAlone(
  session: Session,
  branch: Branch,
  ground: Ground,
  run: RunAgain,
): Promise<Alone> {
  const outcome = await run([branch], {});
  if (outcome.kind === "done" || ground.filled.length === 0) return { outcome, withoutRows: [] };
  let failed = outcome;
  let withoutRows: readonly string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && failed.table !== undefined; attempt += 1) {
    const fault = new Set([...withoutRows, ...(await tablesAtFault(session, ground.filled, failed.table))]);
    if (fault.size === withoutRows.length) break;
    withoutRows = ground.filled.filter((table) => fault.has(table));
    const next = await run([branch], { withoutRows });
    if (next.kind === "done") return { outcome: next, withoutRows };
    failed = next;
  }
  return { outcome: await run([branch], { withoutRows: ground.filled }), withoutRows: ground.filled };
}
