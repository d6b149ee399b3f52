// What is wished of a row, and the value of a column by itself: of its type, or of a row of the parent.

import type { Column, FillableTable, ForeignKey, ValueType } from "./catalogue.ts";
import { mentions, NO_CONSTANTS } from "./conditions.ts";
import { quoteName } from "./quote.ts";
import { valuesFor } from "./values.ts";

/** What a row is like: as most rows are, at the edge of what the types hold, or with NULL wherever it may be. */
export type RowKind = "common" | "edge" | "null";

export interface RowWish {
  /** Counted from 0. */
  readonly row: number;
  readonly kind: RowKind;
  /** Values of columns that no two rows may share are looked for among those that are not there yet. */
  readonly avoidsTaken: boolean;
  /** Other values first than in the attempt before. */
  readonly attempt: number;
  /** Of this group of columns that conditions bind, one combination of values alone: others make a condition fail with an error. */
  readonly single?: { readonly group: number; readonly combination: number };
}

/** What is known of the tables that are filled together: foreign keys lead in a circle there. */
export interface Unit {
  readonly tables: ReadonlyMap<string, FillableTable>;
  readonly types: ReadonlyMap<string, ValueType>;
}

/** How many values are tried for a partition by hash, which takes one in so many as its key has partitions. */
const HASHED_TRIED = 200;

/** Whether a column is in something that no two rows may share. */
export function isDistinct(column: Column, table: FillableTable): boolean {
  return table.keys.some((key) => key.includes(column.number));
}

function isLeftNull(column: Column, table: FillableTable, unit: Unit, { kind }: RowWish): boolean {
  return (
    kind === "null" && isNullable(column, unit) && !table.checks.some((check) => isNullRefusal(check, column))
  );
}

/** Whether NULL may stand there, domains included. */
export function isNullable(column: Column, { types }: Unit): boolean {
  if (column.isNotNull) return false;
  for (let type = types.get(column.type); type !== undefined; type = types.get(type.base ?? "")) {
    if (type.isNotNull) return false;
  }
  return true;
}

function isNullRefusal(check: string, { name }: Column): boolean {
  return mentions(check, name) && check.includes("IS NOT NULL");
}

/** The value of a column that no condition speaks of; none where only its default can know one. */
export function plainValue(
  column: Column,
  table: FillableTable,
  unit: Unit,
  wish: RowWish,
): string | undefined {
  if (isLeftNull(column, table, unit, wish)) return "NULL";
  const keys = table.foreignKeys.filter(({ columns }) => columns.includes(column.number));
  if (keys.length > 0) return parentValue(column, table, unit, wish);
  return ownValue(column, table, unit, wish) ?? (isNullable(column, unit) ? "NULL" : undefined);
}

function ownValue(column: Column, table: FillableTable, unit: Unit, wish: RowWish): string | undefined {
  const values = candidates(column, table, unit, wish, NO_CONSTANTS);
  return values[wish.attempt % Math.max(values.length, 1)];
}

export function candidates(
  column: Column,
  table: FillableTable,
  { types }: Unit,
  wish: RowWish,
  constants: typeof NO_CONSTANTS,
): readonly string[] {
  const values = (row: number, isDistinct: boolean): readonly string[] =>
    valuesFor(types, column.type, column.modifier, {
      row,
      isDistinct,
      isEdge: wish.kind === "edge",
      constants,
    });
  if (!constants.isHashed) return values(wish.row, isDistinct(column, table));
  return Array.from({ length: HASHED_TRIED }, (_, index) => values(wish.row + 7 * index, true)[0] ?? "NULL");
}

/**
 * The value of a column of a foreign key: that of a row of the parent. Keys that share columns must agree on them, so
 * their parents are joined. A parent of the same unit gets its rows in the same statement: there the value is the one
 * that its row of the same number has.
 */
function parentValue(column: Column, table: FillableTable, unit: Unit, wish: RowWish): string {
  const keys = connectedKeys(column, table);
  const inUnit = keys.find(
    ({ parent, columns }) => unit.tables.has(parent) && columns.includes(column.number),
  );
  if (inUnit !== undefined) return unitValue(column, inUnit, unit, wish) ?? "NULL";
  const isRepeated = !keys.some(({ columns }) => columns.some((number) => isDistinctNumber(number, table)));
  const order = keys.flatMap((key, index) => key.parentColumns.map((name) => `f${index}.${quoteName(name)}`));
  return `(SELECT ${columnOf(column.number, keys)} FROM ${parentsOf(keys)} ORDER BY ${order.join(", ")} OFFSET ${isRepeated ? 0 : wish.row} LIMIT 1)`;
}

function isDistinctNumber(number: number, table: FillableTable): boolean {
  return table.keys.some((key) => key.includes(number));
}

/** The foreign keys that a column belongs to, and those that share a column with one of them. */
function connectedKeys(column: Column, table: FillableTable): readonly ForeignKey[] {
  const connected = new Set(table.foreignKeys.filter(({ columns }) => columns.includes(column.number)));
  for (let before = -1; before !== connected.size;) {
    before = connected.size;
    const numbers = new Set([...connected].flatMap(({ columns }) => columns));
    for (const key of table.foreignKeys)
      if (key.columns.some((number) => numbers.has(number))) connected.add(key);
  }
  return [...connected];
}

function columnOf(number: number, keys: readonly ForeignKey[]): string {
  for (const [index, key] of keys.entries()) {
    const name = key.parentColumns[key.columns.indexOf(number)];
    if (name !== undefined) return `f${index}.${quoteName(name)}`;
  }
  return "NULL";
}

/** The parents of keys, joined where the keys share columns, without rows that no key can name. */
function parentsOf(keys: readonly ForeignKey[]): string {
  const conditions = keys.flatMap((key, index) =>
    key.columns.map((number, place) => {
      const here = `f${index}.${quoteName(key.parentColumns[place] ?? "")}`;
      const there = columnOf(number, keys);
      return here === there ? `${here} IS NOT NULL` : `${here} = ${there}`;
    }),
  );
  const parents = keys.map(({ parentSql }, index) => `${parentSql} AS f${index}`);
  return `${parents.join(", ")} WHERE ${conditions.join(" AND ")}`;
}

/** What the parent's row of the same number will hold. */
export function unitValue(
  column: Column,
  key: ForeignKey,
  unit: Unit,
  wish: RowWish,
  depth = 0,
): string | undefined {
  const parent = unit.tables.get(key.parent);
  const name = key.parentColumns[key.columns.indexOf(column.number)];
  const target = parent?.columns.find((each) => each.name === name);
  if (parent === undefined || target === undefined) return undefined;
  const further = parent.foreignKeys.find(({ columns }) => columns.includes(target.number));
  if (further === undefined || depth > unit.tables.size)
    return ownValue(target, parent, unit, { ...wish, kind: "common" });
  return unit.tables.has(further.parent)
    ? unitValue(target, further, unit, wish, depth + 1)
    : parentValue(target, parent, unit, wish);
}
