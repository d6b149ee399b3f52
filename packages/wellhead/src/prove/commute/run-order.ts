import { StatementError, type Session } from "../../database/index.ts";
import { hashTables, type SchemaSnapshot } from "../../schema/index.ts";
import { RevisionFailed, runRevision, type RevisionFailure } from "../run-revision.ts";
import { mentionsDeferral, type Branch } from "./branch.ts";
import { watchConditions, type ConditionalEffect } from "./conditional-effects.ts";
import { changedTables, readFootprint, type Footprint } from "./footprint.ts";
import type { Ground } from "./ground.ts";
import { readSchemaAgain } from "../read-schema-again.ts";
import { readRows, type TableRows } from "./rows.ts";
import { emptyTables } from "./seeded-rows.ts";
import { readSequences, resetChance, type SequenceValues } from "./sequences.ts";

/** How to run an order. */
export interface OrderOptions {
  /** Filled tables to empty before. */
  readonly withoutRows?: readonly string[];
  /** Where random numbers begin; default 0. */
  readonly seed?: number;
  /** How much further on sequences begin; default 0. */
  readonly shift?: number;
  /** Tables whose rows to bring along. */
  readonly rowsOf?: readonly string[];
  /** Hash the rows of all tables, where others than the ground's may have been there before; default: of those that the order touched. */
  readonly hashesAll?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What became of an order. */
export type OrderOutcome =
  | {
      readonly kind: "failed";
      readonly head: string;
      readonly failure: RevisionFailure;
      /** The table that Postgres names. */
      readonly table: string | undefined;
    }
  | { readonly kind: "done"; readonly state: OrderState };

/** What an order has left. */
export interface OrderState {
  readonly schema: SchemaSnapshot;
  /** Hashes of the rows of tables that may hold others than before. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly sequences: SequenceValues;
  readonly rows: TableRows;
  readonly footprint: Footprint;
  readonly effects: readonly ConditionalEffect[];
}

/** Runs the branches one after the other inside a savepoint, looks, and rolls back. A transaction is open on `session`. */
export async function tryOrder(
  session: Session,
  ground: Ground,
  branches: readonly Branch[],
  options: OrderOptions = {},
): Promise<OrderOutcome> {
  const { seed = 0, shift = 0, withoutRows = [], signal } = options;
  await resetChance(session, ground.sequences, { seed, shift });
  await session.run("SAVEPOINT wellhead_order");
  try {
    await emptyTables(session, withoutRows);
    const mayDefer = ground.defers || branches.some(mentionsDeferral);
    const effects: ConditionalEffect[] = [];
    for (const { head, revisions } of branches) {
      for (const revision of revisions) {
        const observer = watchConditions(session, revision, effects);
        const failed = await failureOf(runRevision(session, revision, { observer, mayDefer, signal }), head);
        if (failed !== undefined) return failed;
      }
    }
    const footprint = await readFootprint(session, { looksAtFunctions: branches.length === 1 });
    return {
      kind: "done",
      state: {
        schema: await readSchemaAgain(session),
        hashes: await hashTables(session, options.hashesAll === true ? undefined : changedTables(footprint)),
        sequences: await readSequences(session, ground.scratch),
        rows: await readRows(session, options.rowsOf ?? []),
        footprint,
        effects,
      },
    };
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT wellhead_order; RELEASE SAVEPOINT wellhead_order");
  }
}

/** A value of an enum that was added in the same transaction, which may not use it yet. */
const UNSAFE_NEW_ENUM_VALUE = "55P04";

/** Whether an order failed only because nothing was committed between its revisions. */
export function failsForWantOfCommit(outcome: OrderOutcome): boolean {
  return outcome.kind === "failed" && outcome.failure.code === UNSAFE_NEW_ENUM_VALUE;
}

/** How a revision of a head failed; undefined where it did not. */
export async function failureOf(
  run: Promise<void>,
  head: string,
): Promise<Extract<OrderOutcome, { kind: "failed" }> | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (!(error instanceof RevisionFailed)) throw error;
    const { failure, table } = error;
    return { kind: "failed", head, failure, table };
  }
}

/** A sequence that cannot be put as far on as was asked. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof StatementError && error.sqlState === "22003";
}
