import type { Session } from "../../database/index.ts";
import { hashTables, readSchema, type SchemaSnapshot } from "../../schema/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import { readSequences, type SequenceValues } from "./sequences.ts";

/** What the common ancestors have left, committed: where every order of heads begins. */
export interface Ground {
  readonly scratch: Scratch;
  readonly sequences: SequenceValues;
  /** What each table holds, as a hash. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Tables that were filled with made-up rows, in an order in which foreign keys are met. */
  readonly filled: readonly string[];
  readonly schema: SchemaSnapshot;
  /** A constraint is deferred by itself. */
  readonly defers: boolean;
}

/** Looks at a scratch database on which the common ancestors have run. */
export async function surveyGround(
  session: Session,
  scratch: Scratch,
  filled: readonly string[],
): Promise<Ground> {
  const [deferred] = await session.queryArrays(
    "SELECT FROM pg_catalog.pg_constraint WHERE condeferred LIMIT 1",
  );
  return {
    scratch,
    sequences: await readSequences(session, scratch),
    hashes: await hashTables(session),
    filled,
    schema: await readSchema(session),
    defers: deferred !== undefined,
  };
}
