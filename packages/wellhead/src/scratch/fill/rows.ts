// The statements that put one row into a table.

import type { Column, FillableTable, ForeignKey, ValueType } from "./catalogue.ts";
import { constantsIn, mentions, NO_CONSTANTS } from "./conditions.ts";
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

/** How many combinations of values are tried at most where conditions bind columns to each other. */
const MOST_COMBINATIONS = 20_000;

/** How many values are tried for a partition by hash, which takes one in so many as its key has partitions. */
const HASHED_TRIED = 200;

/** How many combinations are tried one by one. */
export const SINGLES_TRIED = 27;

/** How many rows of a parent are looked at where a condition has a say in which is taken. */
const PARENTS_TRIED = 6;

/** INSERTs of several rows: one statement where their values are known, else one a row. */
export function insertRows(table: FillableTable, unit: Unit, wishes: readonly RowWish[]): readonly string[] {
  const rows = wishes.map((wish) => rowOf(table, unit, wish));
  const [first, ...others] = rows;
  const isPlain = ({ columns, searches }: Row): boolean => columns.length > 0 && searches.length === 0;
  const isAlike = others.every(({ columns }) => columns.join(",") === first?.columns.join(","));
  if (first === undefined || !rows.every(isPlain) || !isAlike) return rows.map((row) => insert(table, row));
  return [`${into(table, first)} VALUES ${rows.map(({ values }) => `(${values.join(", ")})`).join(", ")}`];
}

/** An INSERT of one row, or of none where no value that is tried fits the conditions. */
export function insertRow(table: FillableTable, unit: Unit, wish: RowWish): string {
  return insert(table, rowOf(table, unit, wish));
}

/** A row to insert: names of columns, values for them, and where some of these come from. */
interface Row {
  readonly columns: readonly string[];
  readonly values: readonly string[];
  readonly searches: readonly Search[];
  readonly setsIdentity: boolean;
}

function rowOf(table: FillableTable, unit: Unit, wish: RowWish): Row {
  const writable = table.columns.filter(({ isGenerated }) => !isGenerated);
  const searches = searchesOf(table, unit, wish, writable);
  const values = new Map<Column, string>();
  for (const column of writable) {
    const index = searches.findIndex((search) => search.columns.includes(column));
    const value =
      index === -1 ? plainValue(column, table, unit, wish) : `s${index}.${quoteName(column.name)}`;
    if (value !== undefined) values.set(column, value);
  }
  const written = [...values.keys()];
  return {
    columns: written.map(({ name }) => quoteName(name)),
    values: [...values.values()],
    searches,
    setsIdentity: written.some(({ isIdentity }) => isIdentity),
  };
}

function insert(table: FillableTable, row: Row): string {
  const { columns, values, searches } = row;
  if (columns.length === 0) return `INSERT INTO ${table.sql} DEFAULT VALUES`;
  const from = searches.map((search, index) => `(${search.sql}) AS s${index}`);
  return `${into(table, row)} SELECT ${values.join(", ")}${from.length === 0 ? "" : ` FROM ${from.join(", ")}`}`;
}

function into({ sql }: FillableTable, { columns, setsIdentity }: Row): string {
  return `INSERT INTO ${sql} (${columns.join(", ")})${setsIdentity ? " OVERRIDING SYSTEM VALUE" : ""}`;
}

/** Whether a column is in something that no two rows may share. */
function isDistinct(column: Column, table: FillableTable): boolean {
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
function plainValue(column: Column, table: FillableTable, unit: Unit, wish: RowWish): string | undefined {
  if (isLeftNull(column, table, unit, wish)) return "NULL";
  const keys = table.foreignKeys.filter(({ columns }) => columns.includes(column.number));
  if (keys.length > 0) return parentValue(column, table, unit, wish);
  return ownValue(column, table, unit, wish) ?? (isNullable(column, unit) ? "NULL" : undefined);
}

function ownValue(column: Column, table: FillableTable, unit: Unit, wish: RowWish): string | undefined {
  const values = candidates(column, table, unit, wish, NO_CONSTANTS);
  return values[wish.attempt % Math.max(values.length, 1)];
}

function candidates(
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
function unitValue(
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

/** Columns that conditions bind to each other, and the query for values that fit. */
interface Search {
  readonly columns: readonly Column[];
  readonly sql: string;
}

function searchesOf(
  table: FillableTable,
  unit: Unit,
  wish: RowWish,
  written: readonly Column[],
): readonly Search[] {
  const conditions = [
    ...table.checks.map((sql) => ({ sql, columns: written.filter(({ name }) => mentions(sql, name)) })),
    ...written.flatMap((column) => domainConditions(column, unit)),
  ];
  return groups(conditions).map(({ columns, conditions }, group) => {
    const own = wish.single?.group === group ? wish : withoutSingle(wish);
    return { columns, sql: searchQuery(columns, conditions, table, unit, own) };
  });
}

function withoutSingle({ row, kind, avoidsTaken, attempt }: RowWish): RowWish {
  return { row, kind, avoidsTaken, attempt };
}

/** Which of its values a column has in a combination; undefined where all are tried. */
function placeIn(single: RowWish["single"], index: number, columns: number): number | undefined {
  if (single === undefined) return undefined;
  const base = columns === 1 ? SINGLES_TRIED : columns === 2 ? 5 : 3;
  return Math.floor(single.combination / base ** index) % base;
}

interface Condition {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** The checks of a column's domain, about the column. */
function domainConditions(column: Column, { types }: Unit): readonly Condition[] {
  const conditions: Condition[] = [];
  for (let type = types.get(column.type); type?.kind === "domain"; type = types.get(type.base ?? "")) {
    for (const check of type.checks) {
      const sql = check.replaceAll(/'(?:[^']|'')*'|\bVALUE\b/gu, (found) =>
        found === "VALUE" ? quoteName(column.name) : found,
      );
      conditions.push({ sql, columns: [column] });
    }
  }
  return conditions;
}

/** Conditions that share columns belong together. */
function groups(
  conditions: readonly Condition[],
): { columns: readonly Column[]; conditions: readonly string[] }[] {
  let found: { columns: Set<Column>; conditions: string[] }[] = [];
  for (const { sql, columns } of conditions) {
    if (columns.length === 0) continue;
    const met = found.filter((group) => columns.some((column) => group.columns.has(column)));
    const joined = {
      columns: new Set([...met.flatMap((group) => [...group.columns]), ...columns]),
      conditions: [...met.flatMap((group) => group.conditions), sql],
    };
    found = [...found.filter((group) => !met.includes(group)), joined];
  }
  return found.map(({ columns, conditions }) => ({ columns: [...columns], conditions }));
}

function searchQuery(
  columns: readonly Column[],
  conditions: readonly string[],
  table: FillableTable,
  unit: Unit,
  wish: RowWish,
): string {
  const most = Math.max(2, Math.floor(MOST_COMBINATIONS ** (1 / columns.length)));
  const sources: string[] = [];
  const ranks: string[] = [];
  const selected: string[] = [];
  const taken: string[] = [];
  const seen = new Set<ForeignKey>();
  for (const [index, column] of columns.entries()) {
    const name = quoteName(column.name);
    selected.push(`c${index}.${name}`);
    ranks.push(`c${index}.rank`);
    if (wish.avoidsTaken && isDistinct(column, table)) {
      // As text: not every type has an equality.
      taken.push(
        `NOT EXISTS (SELECT FROM ${table.sql} AS t WHERE t.${name}::text = c${index}.${name}::text)`,
      );
    }
    const place = placeIn(wish.single, index, columns.length);
    sources.push(
      `${sourceOf(column, conditions, table, unit, wish, { most, place })} AS c${index}(rank, ${name})`,
    );
    for (const key of table.foreignKeys) if (key.columns.includes(column.number)) seen.add(key);
  }
  // Of a foreign key of several columns the values must come from one row of the parent.
  const whole = [...seen]
    .filter(({ columns: { length } }) => length > 1)
    .flatMap((key) => wholeKey(key, columns, unit));
  const where = [...conditions.map((condition) => `(${condition}) IS NOT FALSE`), ...taken, ...whole];
  return `SELECT ${selected.join(", ")} FROM ${sources.join(", ")} WHERE ${where.join(" AND ")} ORDER BY ${ranks.join(" + ")}, ${ranks.join(", ")} OFFSET ${wish.attempt} LIMIT 1`;
}

function wholeKey(key: ForeignKey, columns: readonly Column[], unit: Unit): readonly string[] {
  if (unit.tables.has(key.parent)) return [];
  const pairs = key.columns.flatMap((number, place) => {
    const index = columns.findIndex((column) => column.number === number);
    const column = columns[index];
    const parent = quoteName(key.parentColumns[place] ?? "");
    return column === undefined ? [] : [`p.${parent} = c${index}.${quoteName(column.name)}`];
  });
  return [`EXISTS (SELECT FROM ${key.parentSql} AS p WHERE ${pairs.join(" AND ")})`];
}

/** Where the values to try come from: a list of them, or rows of the parent. */
function sourceOf(
  column: Column,
  conditions: readonly string[],
  table: FillableTable,
  unit: Unit,
  wish: RowWish,
  { most, place }: { readonly most: number; readonly place: number | undefined },
): string {
  const nothing = isNullable(column, unit) ? "NULL" : undefined;
  const key = table.foreignKeys.find(({ columns }) => columns.includes(column.number));
  if (key !== undefined && !unit.tables.has(key.parent)) {
    const parent = quoteName(key.parentColumns[key.columns.indexOf(column.number)] ?? "");
    const rows = `(SELECT DISTINCT p.${parent} FROM ${key.parentSql} AS p WHERE p.${parent} IS NOT NULL ORDER BY 1 LIMIT ${PARENTS_TRIED}) AS q(v)`;
    const nullRow = nothing === undefined ? "" : ` UNION ALL SELECT ${wish.kind === "null" ? 0 : 99}, NULL`;
    return `(SELECT row_number() OVER (), v FROM ${rows}${nullRow})`;
  }
  const constants = constantsIn(conditions.filter((condition) => mentions(condition, column.name)));
  const values =
    key === undefined
      ? candidates(column, table, unit, wish, constants)
      : [unitValue(column, key, unit, wish) ?? "NULL"];
  const tried = constants.isHashed ? values : values.slice(0, most);
  const single = place === undefined ? undefined : values[place];
  if (single !== undefined) return `(VALUES (0, ${single}))`;
  const isNull = wish.kind === "null";
  const all =
    nothing === undefined ? tried : isNull ? [typedNull(column), ...tried] : [...tried, typedNull(column)];
  if (all.length === 0) return `(VALUES (0, ${typedNull(column)}))`;
  return `(VALUES ${all.map((value, rank) => `(${rank}, ${value})`).join(", ")})`;
}

/** Without the type a list of NULL alone would be text. */
function typedNull({ typeSql }: Column): string {
  return `NULL::${typeSql}`;
}
