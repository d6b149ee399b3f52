import type { Session } from "../database/index.ts";
import { withinScope, type SchemaScope, type SchemaSnapshot } from "../schema/index.ts";
import {
  enumValueRenames,
  followingRenames,
  renamesOf,
  runRenames,
  type Rename,
  type RenameCandidate,
} from "./renames.ts";
import { stateAfter, type Make, type SchemaState } from "./schema-state.ts";

/** Says what is a rename, among what is there and what is wished for. It is asked again after each answer, until it names none. */
export type ChooseRenames = (schemas: {
  readonly there: SchemaSnapshot;
  readonly wished: SchemaSnapshot;
}) => Promise<readonly RenameCandidate[]>;

interface Choice {
  readonly make: Make;
  readonly from: SchemaState;
  readonly wished: SchemaState;
  readonly scope: SchemaScope;
  readonly choose: ChooseRenames;
}

/** All renames, in an order that works: tables, then their columns, then what is named after them. */
export async function chooseRenames(
  session: Session,
  { make, from, wished, scope, choose }: Choice,
): Promise<readonly Rename[]> {
  const renames: Rename[] = [];
  const declared = withinScope(wished.snapshot, scope);
  let whole = from.snapshot;
  let there = withinScope(whole, scope);
  const certain = new Set(enumValueRenames(there, declared).map(({ text }) => text));
  for (;;) {
    const chosen = (await choose({ there, wished: declared })).flatMap((each) => renamesOf(each, whole));
    const more =
      chosen.length > 0
        ? chosen
        : [
            ...enumValueRenames(there, declared).filter(({ text }) => certain.has(text)),
            ...followingRenames(there, declared),
          ];
    if (more.length === 0) return renames;
    renames.push(...more);
    whole = (await stateAfter(session, withRenames(make, renames))).snapshot;
    there = withinScope(whole, scope);
  }
}

/** The same, and then the renames. */
export function withRenames(make: Make, renames: readonly Rename[]): Make {
  return async (session) => {
    await make(session);
    await runRenames(session, renames);
  };
}
