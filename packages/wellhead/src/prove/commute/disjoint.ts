import { compareSchemas, differingObject, type SchemaDifference } from "../../schema/index.ts";
import type { Branch } from "./branch.ts";
import type { Ground } from "./ground.ts";
import { movedSequences } from "./sequences.ts";
import type { OrderState } from "./run-order.ts";

/** What a head does alone, as far as it matters to others. */
export interface Reach {
  /** Sequences that it drew from or set. */
  readonly sequences: readonly string[];
  /** What it changed in the schema. */
  readonly changes: readonly SchemaDifference[];
  readonly state: OrderState;
  /** All words of its statements, in lower case. */
  readonly words: ReadonlySet<string>;
  /** All that it runs is of a kind whose reach can be measured. */
  readonly isPlain: boolean;
}

/**
 * Statements whose reach is what they lock and what they change: anything else, such as a block or a function, may
 * look at what nothing tells of.
 */
const plainKinds = new Set([
  "CreateStmt",
  "AlterTableStmt",
  "IndexStmt",
  "RenameStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "CommentStmt",
  "CreateSeqStmt",
  "ViewStmt",
  "DropStmt",
]);

/** Objects that hang on a relation, which is locked when they are changed. What a function or a type is, no lock tells. */
const kindsOnRelations = new Set(["table", "column", "constraint", "index", "view", "sequence", "comment"]);

/** Measures a head that ran alone. */
export function reachOf({ revisions }: Branch, state: OrderState, { schema, sequences }: Ground): Reach {
  const statements = revisions.map(({ body }) => (body.kind === "statements" ? body.statements : undefined));
  const known = statements.flatMap((each) => each ?? []);
  return {
    changes: compareSchemas(schema, state.schema),
    sequences: movedSequences(sequences, state.sequences),
    state,
    words: new Set(known.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])),
    isPlain:
      !statements.includes(undefined) &&
      known.every(
        ({ traits }) => plainKinds.has(traits.kind) && !traits.isConditional && !traits.callsFunction,
      ) &&
      !state.footprint.readsCatalogue,
  };
}

/**
 * Whether two heads have nothing to do with each other: neither touches a relation that the other changes, neither
 * names what the other makes, and neither changes what no lock tells of. When in doubt they have.
 */
export function areDisjoint(one: Reach, other: Reach): boolean {
  return (
    one.isPlain &&
    other.isPlain &&
    [one, other].every(changesRelationsOnly) &&
    !touches(one, other) &&
    !touches(other, one) &&
    !names(one, other) &&
    !names(other, one) &&
    !makesTheSame(one, other)
  );
}

function changesRelationsOnly({ changes }: Reach): boolean {
  return changes.every((change) => kindsOnRelations.has(differingObject(change).kind));
}

/** Whether the first changes a relation that the second looks at or changes. */
function touches(one: Reach, other: Reach): boolean {
  const touched = new Set(other.state.footprint.relations.map(({ name }) => name));
  return (
    one.state.footprint.relations.some(({ name, isChanged }) => isChanged && touched.has(name)) ||
    one.sequences.some((name) => other.sequences.includes(name))
  );
}

/** Whether a word of the second is a name that the first has made, changed or taken away. */
function names(one: Reach, other: Reach): boolean {
  const relations = one.changes
    .map(differingObject)
    .filter(({ kind }) => kind === "table" || kind === "view" || kind === "sequence" || kind === "index")
    .map(({ name }) => name);
  return [...relations, ...one.sequences].some((name) => other.words.has(lastPart(name)));
}

/** Relations, and the types that go with them, have one space of names in a schema. */
function makesTheSame(one: Reach, other: Reach): boolean {
  const made = new Set(one.changes.map((change) => differingObject(change).name));
  return other.changes.some((change) => made.has(differingObject(change).name));
}

function lastPart(name: string): string {
  const [, last = name] = /(?:^|\.)("(?:[^"]|"")*"|[^."]+)$/.exec(name) ?? [];
  return last.replace(/^"|"$/g, "").toLowerCase();
}
