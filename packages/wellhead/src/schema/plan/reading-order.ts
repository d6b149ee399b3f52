import type { Action, StableId } from "@supabase/pg-delta";
import { positionOf, withFoldedTables, type BoundStatement } from "./fold-tables.ts";
import { subjectOf, type PlanSides } from "./statement-order.ts";

const routines: readonly StableId["kind"][] = ["function", "procedure", "aggregate"];

/** What is made by its kind, in the order in which a person writes it. What is dropped goes the other way. */
const kinds: readonly (readonly StableId["kind"][])[] = [
  ["schema"],
  ["extension", "language"],
  ["collation", "fdw", "server", "userMapping"],
  ["type", "typeAttribute", "domain"],
  ["sequence"],
  ["table", "foreignTable"],
  routines,
  ["column"],
  ["default"],
  ["constraint"],
  ["index"],
  ["view"],
  ["materializedView"],
  ["rule", "trigger"],
  ["policy"],
  ["eventTrigger", "publication", "publicationRel", "publicationSchema"],
  ["acl", "defaultPrivilege"],
  ["comment", "securityLabel"],
];

const rankOfKind = new Map(kinds.flatMap((names, rank) => names.map((name) => [name, rank] as const)));

/**
 * The statements of a plan as a person would write them: what is dropped first, then kind by kind, each after all that
 * it needs, and a table in one statement where it can be. The order of the plan holds for all that depends on each other.
 */
export function inReadingOrder(actions: readonly Action[], sides: PlanSides): readonly Action[] {
  const statements = withFoldedTables(actions, sides).map((statement, index) => ({
    statement,
    place: placeOf(statement.action, index, sides),
  }));
  statements.sort(
    ({ place: a }, { place: b }) =>
      a.rank - b.rank || (a.table < b.table ? -1 : Number(a.table > b.table)) || a.position - b.position,
  );
  const places = new Map(statements.map(({ statement }, index) => [statement, index]));
  const placeIn = (statement: BoundStatement): number => places.get(statement) ?? 0;
  const written = new Set<BoundStatement>();
  const write = (statement: BoundStatement): void => {
    if (written.has(statement)) return;
    for (const each of [...statement.before].sort((a, b) => placeIn(a) - placeIn(b))) write(each);
    written.add(statement);
  };
  for (const { statement } of statements) write(statement);
  return [...written].map(({ action }) => action);
}

interface Place {
  readonly rank: number;
  readonly table: string;
  readonly position: number;
}

function placeOf(action: Action, index: number, { source, desired, keyOf }: PlanSides): Place {
  const subject = subjectOf(action);
  const rank = rankOfAction(action, subject?.kind);
  const isWhole = action.produces.length > 0 || action.destroys.length > 0;
  if (subject?.kind !== "column" || !isWhole) return { rank, table: "", position: index };
  const table = keyOf({ kind: "table", schema: subject.schema, name: subject.table });
  const position =
    action.verb === "drop" ? -(positionOf(subject, source) ?? 0) : (positionOf(subject, desired) ?? 0);
  return { rank, table, position };
}

function rankOfAction({ verb, sql, produces, destroys }: Action, kind: StableId["kind"] | undefined): number {
  if (kind === undefined) return kinds.length;
  // Functions made for columns stand before the tables, so they are dropped after them.
  if (verb === "drop") return -1 - rankOf(routines.includes(kind) ? "sequence" : kind);
  if (/^(?:GRANT|REVOKE) /.test(sql)) return rankOf("acl");
  if (produces.length > 0 || destroys.length > 0) return rankOf(kind);
  // What is set on a table is about its policies, mostly; on a sequence, whose column it belongs to.
  if (kind === "table") return rankOf("policy") - 0.5;
  return rankOf(kind === "sequence" ? "table" : kind) + 0.5;
}

function rankOf(kind: StableId["kind"]): number {
  return rankOfKind.get(kind) ?? kinds.length;
}
