/** Where a database keeps its versions: Alembic's table, whose name and schema can be configured. */
export interface VersionTableOptions {
  /** Name of the version table; default `alembic_version`. */
  readonly versionTable?: string;
  /** Schema of the version table and of the ledger; default: where the search path finds or creates them. */
  readonly versionTableSchema?: string;
}

/** The longest id that the version table of Alembic holds (`varchar(32)`), in characters. */
export const VERSION_NUM_LENGTH = 32;

/** Alembic's DDL of the table, to the letter: a database can go back and forth between the two. */
export function createVersionTable(schema: string, table: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${qualified(schema, table)} (version_num VARCHAR(${VERSION_NUM_LENGTH}) NOT NULL, ` +
    `CONSTRAINT ${quoteIdentifier(`${table}_pkc`)} PRIMARY KEY (version_num))`
  );
}

/** One change of one row of the version table. */
export type VersionRowChange =
  | { readonly kind: "insert"; readonly id: string }
  | { readonly kind: "update"; readonly from: string; readonly to: string }
  | { readonly kind: "delete"; readonly id: string };

/**
 * The changes that take the rows `before` to the rows `after`, as Alembic makes them: a row that goes and one that
 * comes are one update, what is left over is deleted or inserted. Their order is that of the lists, so the same step
 * always gives the same changes.
 */
export function versionRowChanges(before: readonly string[], after: readonly string[]): VersionRowChange[] {
  const gone = before.filter((id) => !after.includes(id));
  const come = after.filter((id) => !before.includes(id));
  const updates = Math.min(gone.length, come.length);
  const kept = gone.length - updates;
  return [
    ...gone.slice(0, kept).map((id) => ({ kind: "delete", id }) as const),
    ...come.slice(updates).map((id) => ({ kind: "insert", id }) as const),
    ...gone.slice(kept).map((from, i) => ({ kind: "update", from, to: come[i] ?? from }) as const),
  ];
}

/** A change as the statement that a run sends. */
export function versionRowStatement(relation: string, change: VersionRowChange): string {
  switch (change.kind) {
    case "insert":
      return `INSERT INTO ${relation} (version_num) VALUES (${quoteLiteral(change.id)})`;
    case "update":
      return `UPDATE ${relation} SET version_num = ${quoteLiteral(change.to)} WHERE version_num = ${quoteLiteral(change.from)}`;
    case "delete":
      return `DELETE FROM ${relation} WHERE version_num = ${quoteLiteral(change.id)}`;
  }
}

/** `"schema"."table"`. */
export function qualified(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant that reads the same whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
