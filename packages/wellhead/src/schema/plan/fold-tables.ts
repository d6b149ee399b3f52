import type { Action, FactBase, StableId } from "@supabase/pg-delta";
import { statementsBefore, subjectOf, type PlanSides } from "./statement-order.ts";
import { tableOf, tableParts } from "./table-parts.ts";

/** A statement, and the ones that must stay before it. */
export interface BoundStatement {
  readonly action: Action;
  readonly before: ReadonlySet<BoundStatement>;
}

/**
 * The statements of a plan with a table's columns and constraints in the statement that makes it, and without those that
 * drop what goes with a table, wherever nothing has to stand between the two. Columns come as the desired side has them.
 */
export function withFoldedTables(actions: readonly Action[], sides: PlanSides): readonly BoundStatement[] {
  const before = statementsBefore(actions, sides);
  const wholes = actions.map((_, index) => index);
  const folded = actions.map((action) => ({ ...action }));
  for (const { part, table, clause } of partsOfTables(actions, sides)) {
    if (isBetween(part, table, before, wholes)) continue;
    wholes[part] = table;
    for (const each of before[part] ?? []) before[table]?.add(each);
    const [whole, piece] = [folded[table], folded[part]];
    if (whole === undefined || piece === undefined) continue;
    folded[table] = {
      ...whole,
      sql: clause === undefined ? whole.sql : withPart(whole.sql, clause),
      dataLoss: piece.dataLoss === "destructive" ? piece.dataLoss : whole.dataLoss,
      newSegmentBefore: piece.newSegmentBefore || whole.newSegmentBefore,
    };
  }
  const statements = folded.map((action) => ({
    action: withOrderedParts(action, sides.desired),
    before: new Set<BoundStatement>(),
  }));
  for (const [index, whole] of wholes.entries()) {
    for (const each of before[index] ?? []) {
      const other = statements[wholes[each] ?? each];
      if (whole === index && other !== undefined && other !== statements[index])
        statements[index]?.before.add(other);
    }
  }
  return statements.filter((_, index) => wholes[index] === index);
}

interface PartOfTable {
  readonly part: number;
  readonly table: number;
  /** What it is in the parentheses of the table; undefined where it goes with the table. */
  readonly clause?: string;
}

/** In the order in which they are tried: of tables that refer to each other, one has to do without. */
function partsOfTables(actions: readonly Action[], { source, keyOf }: PlanSides): readonly PartOfTable[] {
  const created = new Map<string, number>();
  const dropped = new Map<string, number>();
  for (const [index, { sql, produces, destroys }] of actions.entries()) {
    const [made, gone] = [produces[0], destroys[0]];
    if (made?.kind === "table" && tableParts(sql) !== undefined) created.set(keyOf(made), index);
    if (gone?.kind === "table" && sql.startsWith("DROP TABLE ")) dropped.set(keyOf(gone), index);
  }
  const columns: PartOfTable[] = [];
  const constraints: PartOfTable[] = [];
  const references: PartOfTable[] = [];
  const drops: PartOfTable[] = [];
  for (const [part, action] of actions.entries()) {
    const { sql, verb, produces, destroys } = action;
    const subject = subjectOf(action);
    if (subject?.kind !== "column" && subject?.kind !== "constraint") continue;
    const key = keyOf({ kind: "table", schema: subject.schema, name: subject.table });
    const [madeBy, droppedBy] = [created.get(key), dropped.get(key)];
    const clause = clauseOf(sql);
    if (verb === "create" && madeBy !== undefined && clause !== undefined) {
      const list =
        subject.kind === "column"
          ? columns
          : kindOfConstraint(clause) === "FOREIGN KEY"
            ? references
            : constraints;
      list.push({ part, table: madeBy, clause });
    }
    const isOnlyDrop = verb === "drop" && produces.length === 0 && destroys.length > 0;
    if (isOnlyDrop && droppedBy !== undefined && destroys.every((id) => isWithin(id, key, source, keyOf)))
      drops.push({ part, table: droppedBy });
  }
  return [...columns, ...constraints, ...references, ...drops];
}

function isWithin(id: StableId, table: string, source: FactBase, keyOf: PlanSides["keyOf"]): boolean {
  for (let each: StableId | undefined = id; each !== undefined; each = source.get(each)?.parent)
    if (keyOf(each) === table) return true;
  return false;
}

/** Whether something has to come after one of two statements and before the other. */
function isBetween(
  one: number,
  other: number,
  before: readonly ReadonlySet<number>[],
  wholes: readonly number[],
): boolean {
  const wholeOf = (index: number): number => wholes[index] ?? index;
  const isEither = (index: number): boolean => index === one || index === other;
  const next = [one, other]
    .flatMap((index) => [...(before[index] ?? [])].map(wholeOf))
    .filter((each) => !isEither(each));
  const seen = new Set(next);
  for (let index = next.pop(); index !== undefined; index = next.pop()) {
    for (const each of before[index] ?? []) {
      const whole = wholeOf(each);
      if (isEither(whole)) return true;
      if (seen.has(whole)) continue;
      seen.add(whole);
      next.push(whole);
    }
  }
  return false;
}

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^"\s(.]+)`;
const addition = new RegExp(
  `^ALTER TABLE ${NAME}(?:\\.${NAME})? ADD (?:COLUMN (?<column>.*)|(?<constraint>CONSTRAINT .*))$`,
  "s",
);

/** A column or a constraint as it stands in the parentheses of a table; undefined for what cannot stand there. */
function clauseOf(sql: string): string | undefined {
  const { column, constraint } = addition.exec(sql)?.groups ?? {};
  if (column !== undefined) return column;
  // What stands in the table is valid from the start.
  if (constraint === undefined || constraint.endsWith(" NOT VALID")) return undefined;
  return kindOfConstraint(constraint) === undefined ? undefined : constraint;
}

const constraintKinds = ["PRIMARY KEY", "UNIQUE", "EXCLUDE", "CHECK", "FOREIGN KEY"];

function kindOfConstraint(clause: string): string | undefined {
  const [, kind] = new RegExp(`^CONSTRAINT ${NAME} (${constraintKinds.join("|")})\\b`).exec(clause) ?? [];
  return kind;
}

function withPart(sql: string, clause: string): string {
  const table = tableParts(sql);
  return table === undefined ? sql : tableOf({ ...table, parts: [...table.parts, clause] });
}

/** Columns as the models have them, then the constraints by their kind. */
function withOrderedParts(action: Action, desired: FactBase): Action {
  const [made] = action.produces;
  const table = made?.kind === "table" ? tableParts(action.sql) : undefined;
  if (made?.kind !== "table" || table === undefined) return action;
  const placeOf = (part: string): number => {
    const kind = kindOfConstraint(part);
    if (kind !== undefined) return constraintKinds.indexOf(kind) - constraintKinds.length;
    const [word = ""] = new RegExp(`^${NAME}`).exec(part) ?? [];
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
    return positionOf({ kind: "column", schema: made.schema, table: made.name, name }, desired) ?? 0;
  };
  const placed = table.parts.map((part) => ({ part, place: placeOf(part) }));
  const isConstraint = ({ place }: { place: number }): boolean => place < 0;
  placed.sort((a, b) => Number(isConstraint(a)) - Number(isConstraint(b)) || a.place - b.place);
  return { ...action, sql: tableOf({ ...table, parts: placed.map(({ part }) => part) }) };
}

/** Where a column stands in its table; undefined for what is none. */
export function positionOf(id: StableId, side: FactBase): number | undefined {
  const position = side.get(id)?.payload["_position"];
  return typeof position === "number" ? position : undefined;
}
