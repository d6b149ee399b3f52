import type { Session } from "../../database/index.ts";

/** A row: column name to value, as JSON. */
export type DataRow = Readonly<Record<string, unknown>>;

/** The rows of tables, in whatever order. */
export type TableRows = ReadonlyMap<string, readonly DataRow[]>;

/** What stands for a value that is not the same when the same is done again. */
const VARIES = "(varies)";

/** Reads all rows of these tables. */
export async function readRows(session: Session, tables: readonly string[]): Promise<TableRows> {
  const rows = new Map<string, readonly DataRow[]>();
  for (const table of tables) {
    const found = await session.queryArrays(`SELECT pg_catalog.to_jsonb(r.*)::text FROM ${table} r`);
    rows.set(
      table,
      found.map(([text]) => JSON.parse(String(text)) as DataRow),
    );
  }
  return rows;
}

/**
 * The rows of a table with `VARIES` for each value that another run of the same did not give again. Rows that both
 * runs have are taken for the same; of the rest, those are that agree in all columns that do not vary.
 */
export function withoutVarying(rows: readonly DataRow[], again: readonly DataRow[]): readonly DataRow[] {
  const [left, leftAgain] = [without(rows, again), without(again, rows)];
  const varying = varyingColumns(left, leftAgain);
  if (varying.length === 0) return rows;
  const same = without(rows, left);
  return [...same, ...left.map((row) => masked(row, varying))];
}

/** The rows of the first list that the second has not, each as often as it is there more. */
export function without(rows: readonly DataRow[], others: readonly DataRow[]): readonly DataRow[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(keyOf(row)) ?? 0;
    counts.set(keyOf(row), count - 1);
    return count <= 0;
  });
}

/** Columns whose values, taken together, are not the same in both. */
function varyingColumns(rows: readonly DataRow[], again: readonly DataRow[]): readonly string[] {
  const columns = new Set([...rows, ...again].flatMap((row) => Object.keys(row)));
  return [...columns].filter((column) => valuesOf(rows, column) !== valuesOf(again, column));
}

function valuesOf(rows: readonly DataRow[], column: string): string {
  return rows
    .map((row) => JSON.stringify(row[column]) ?? "")
    .toSorted()
    .join("\n");
}

function masked(row: DataRow, columns: readonly string[]): DataRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, columns.includes(column) ? VARIES : value]),
  );
}

/** jsonb comes with its keys in one order. */
function keyOf(row: DataRow): string {
  return JSON.stringify(row);
}
