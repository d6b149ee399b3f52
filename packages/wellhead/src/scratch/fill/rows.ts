// The statements that put rows into a table.

import type { Column, FillableTable } from "./catalogue.ts";
import { plainValue, type RowWish, type Unit } from "./column-values.ts";
import { quoteName } from "./quote.ts";
import { searchesOf, type Search } from "./searches.ts";

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
