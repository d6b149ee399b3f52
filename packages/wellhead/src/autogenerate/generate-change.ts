import type { Session } from "../database/index.ts";
import {
  compareSchemas,
  planChange,
  withinScope,
  type PlannedStatement,
  type SchemaDifference,
  type SchemaScope,
  type SchemaSnapshot,
} from "../schema/index.ts";
import { chooseRenames, type ChooseRenames } from "./choose-renames.ts";
import { generatePart, type GeneratedPart } from "./generate-part.ts";
import { stateAfter, type Make, type SchemaState } from "./schema-state.ts";

/** What leads from one schema to another. */
export interface GenerateOptions {
  /** Makes the schema that is there, in a transaction that is open on an empty database. */
  readonly produce: Make;
  /** Makes the schema that is wished for, likewise. */
  readonly declare: Make;
  /** How much of both is compared and changed. */
  readonly scope: (schemas: {
    readonly there: SchemaSnapshot;
    readonly declared: SchemaSnapshot;
  }) => SchemaScope;
  /** Which of what could be a new name is one. */
  readonly choose: ChooseRenames;
}

/** A change, as one revision or several that follow each other. */
export interface GeneratedChange {
  /** What is different, as far as the scope goes. */
  readonly differences: readonly SchemaDifference[];
  readonly parts: readonly GeneratedPart[];
}

/**
 * Generates what leads from one schema to the other and back, and proves it: both ways are run on tables with rows, and
 * what they leave is compared with what they should. The database is as empty afterwards as before.
 *
 * @returns undefined when there is nothing to do
 * @throws {UnplannableError} `E_UNPLANNABLE`
 */
export async function generateChange(
  session: Session,
  { produce, declare, scope: scopeOf, choose }: GenerateOptions,
): Promise<GeneratedChange | undefined> {
  const there = await stateAfter(session, produce);
  const wished = await stateAfter(session, declare);
  const scope = scopeOf({ there: there.snapshot, declared: wished.snapshot });
  const differences = differencesWithin(there.snapshot, wished.snapshot, scope);
  if (differences.length === 0) return undefined;
  const values = await valuesToCommit(there, wished, scope);
  const parts: GeneratedPart[] = [];
  let [make, from] = [produce, there];
  if (values.length > 0) {
    const withValues: Make = async (at) => {
      await produce(at);
      for (const { sql } of values) await at.run(sql);
    };
    const state = await stateAfter(session, withValues);
    parts.push(await generatePart(session, { make, from, to: state, scope, renames: [], outside: true }));
    [make, from] = [withValues, state];
  }
  const renames = await chooseRenames(session, { make, from, wished, scope, choose });
  parts.push(await generatePart(session, { make, from, to: wished, scope, renames, outside: false }));
  return { differences, parts };
}

/** What is different between two schemas, as far as a scope goes. */
export function differencesWithin(
  from: SchemaSnapshot,
  to: SchemaSnapshot,
  scope: SchemaScope,
): readonly SchemaDifference[] {
  return compareSchemas(withinScope(from, scope), withinScope(to, scope));
}

/**
 * New values of enums that the change itself uses. A value must have been committed before it is used, so they go into
 * a revision of their own, outside a transaction.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES
 */
async function valuesToCommit(
  from: SchemaState,
  to: SchemaState,
  scope: SchemaScope,
): Promise<readonly PlannedStatement[]> {
  const planned = await planChange(from.facts, to.facts, scope);
  if (!planned.some(({ needsCommitBefore }) => needsCommitBefore)) return [];
  return planned.filter(({ sql }) => /^ALTER TYPE .* ADD VALUE /s.test(sql));
}
