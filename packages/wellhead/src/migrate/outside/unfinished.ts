import type { Session } from "../../database/index.ts";
import type { RevisionGraph } from "../../graph/index.ts";
import type { DatabaseState } from "../database-state.ts";
import type { StepInfo } from "../events.ts";
import { LEDGER_TABLE } from "../ledger.ts";
import { withAncestors } from "../pending.ts";
import type { PreparedStep } from "../prepared-step.ts";
import { qualified } from "../version-table.ts";
import { BegunOutsideError, UnfinishedRevisionError } from "./errors.ts";
import { NOTHING_DONE } from "./ledger-line.ts";

/** A `transaction: none` revision that a run has begun and not ended. */
interface UnfinishedStep {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly statementsDone: number;
  /** Whether anything of it is done, or may be. */
  readonly isBegun: boolean;
  /** Its line in the ledger. */
  readonly id: string;
}

/** Where the database stands, read by whoever holds the lock. */
export interface Standing {
  /** The rows of the version table, in the order that a plain SELECT gives them, as Alembic reads them. */
  readonly versions: readonly string[];
  readonly unfinished: readonly UnfinishedStep[];
}

/** Reads both in one round trip. */
export async function readStanding(session: Session, state: DatabaseState): Promise<Standing> {
  const ledger = qualified(state.schema, LEDGER_TABLE);
  const rows = await session.query<{
    revision: string;
    direction: "upgrade" | "downgrade" | null;
    statements_done: number;
    checksum: string;
    id: string;
  }>(`SELECT version_num::text AS revision, NULL AS direction, NULL AS statements_done, NULL AS checksum, NULL AS id
FROM ${qualified(state.schema, state.versionTable)}
UNION ALL
SELECT revision, direction, statements_done, checksum, id::text FROM ${ledger} AS line
WHERE finished_at IS NULL AND NOT EXISTS (SELECT FROM ${ledger} AS later WHERE later.revision = line.revision AND later.id > line.id)`);
  return {
    versions: rows.filter((row) => row.direction === null).map((row) => row.revision),
    unfinished: rows.flatMap(({ revision, direction, statements_done: statementsDone, checksum, id }) => {
      if (direction === null) return [];
      const isBegun = statementsDone > 0 || checksum !== NOTHING_DONE;
      return [{ revision, direction, statementsDone, isBegun, id }];
    }),
  };
}

/**
 * Refuses what would go on from a revision that is half undone, or take away what a half done one stands on. To
 * finish it is what a run may do; a stamp has overruled it where the versions no longer fit.
 *
 * @throws {UnfinishedRevisionError} `E_UNFINISHED_REVISION`
 */
export function refuseUnfinished(
  { versions, unfinished }: Standing,
  steps: readonly StepInfo[],
  graph: RevisionGraph,
  state: DatabaseState,
): void {
  const known = unfinished.filter((step) => step.isBegun && graph.has(step.revision));
  if (known.length === 0) return;
  const applied = withAncestors(
    graph,
    versions.filter((id) => graph.has(id)),
  );
  for (const step of known) {
    const isApplied = applied.has(step.revision);
    if (isApplied !== (step.direction === "downgrade")) continue;
    const below = withAncestors(graph, [step.revision]);
    const stands =
      step.direction === "downgrade"
        ? steps.some(({ direction, revision }) => direction === "downgrade" && revision === step.revision)
        : !steps.some(({ direction, revision }) => direction === "downgrade" && below.has(revision));
    if (!stands) {
      const ledger = qualified(state.schema, LEDGER_TABLE);
      throw new UnfinishedRevisionError(step, `DELETE FROM ${ledger} WHERE id = ${step.id}`);
    }
  }
}

/**
 * Refuses to run in a transaction what was begun outside of one: its first statements would be done twice.
 *
 * @throws {BegunOutsideError} `E_BEGUN_OUTSIDE`
 */
export function refuseBegunOutside({ unfinished }: Standing, steps: readonly PreparedStep[]): void {
  for (const { info, body } of steps) {
    if (body.kind === "statements") continue;
    const begun = unfinished.find((step) => step.isBegun && step.revision === info.revision);
    if (begun !== undefined && begun.direction === info.direction)
      throw new BegunOutsideError(info, begun.statementsDone);
  }
}
