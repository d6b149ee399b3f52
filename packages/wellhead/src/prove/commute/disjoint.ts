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
    words: new Set(known.flatMap(({ text }) => wordsIn(text))),
    isPlain:
      !statements.includes(undefined) &&
      known.every(
        ({ traits }) => plainKinds.has(traits.kind) && !traits.isConditional && !traits.callsFunction,
      ) &&
      !state.footprint.readsCatalogue &&
      !state.footprint.callsFunctions,
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

/** Whether the first changes a relation that the second looks at or changes. One that is renamed or dropped is known by its oid alone. */
function touches(one: Reach, other: Reach): boolean {
  const { relations, oids } = other.state.footprint;
  const touched = new Set(relations.map(({ name }) => name));
  return (
    one.state.footprint.relations.some(({ name, isChanged }) => isChanged && touched.has(name)) ||
    [...one.state.footprint.oids].some(([oid, isChanged]) => isChanged && oids.has(oid)) ||
    one.sequences.some((name) => other.sequences.includes(name))
  );
}

/** Whether words of the second are the name of what the first has made, changed or taken away. */
function names(one: Reach, other: Reach): boolean {
  return [...namesOf(one), ...one.sequences.map(lastPart)].some((name) =>
    wordsIn(name).every((word) => other.words.has(word)),
  );
}

/** Relations, and the types that go with them, have one space of names in a schema, in which Postgres chooses names too. */
function makesTheSame(one: Reach, other: Reach): boolean {
  const made = new Set([...one.changes.map((change) => differingObject(change).name), ...namesOf(one)]);
  return (
    other.changes.some((change) => made.has(differingObject(change).name)) ||
    namesOf(other).some((name) => made.has(name))
  );
}

/** The names of changed relations; a constraint can have an index of its name. */
function namesOf({ changes }: Reach): readonly string[] {
  return changes
    .map(differingObject)
    .filter(({ kind }) => kind !== "column" && kind !== "comment")
    .map(({ name }) => lastPart(name));
}

function lastPart(name: string): string {
  const [, last = name] = /(?:^|\.)("(?:[^"]|"")*"|[^."]+)$/.exec(name) ?? [];
  return last.replace(/^"|"$/g, "").toLowerCase();
}

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
}
