// Queries for values of columns that conditions bind to each other: checks, domains, what a partition takes.

import type { Column, FillableTable, ForeignKey } from "./catalogue.ts";
import { candidates, isDistinct, isNullable, unitValue, type RowWish, type Unit } from "./column-values.ts";
import { constantsIn, mentions } from "./conditions.ts";
import { quoteName } from "./quote.ts";

/** How many combinations of values are tried at most where conditions bind columns to each other. */
const MOST_COMBINATIONS = 20_000;

/** How many combinations are tried one by one. */
export const SINGLES_TRIED = 27;

/** How many rows of a parent are looked at where a condition has a say in which is taken. */
const PARENTS_TRIED = 6;

/** Columns that conditions bind to each other, and the query for values that fit. */
export interface Search {
  readonly columns: readonly Column[];
  readonly sql: string;
}

export function searchesOf(
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
