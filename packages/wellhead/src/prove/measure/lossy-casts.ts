import type { Session } from "../../database/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import { commandsOf, nodeOf } from "./statement-kind.ts";

/** The values of the columns whose type a statement changes, to be compared with those after it. */
export interface ValuesBefore {
  readonly table: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly values: readonly string[];
  }[];
}

/** Undefined where the statement changes no column's type. The transaction must be open. */
export async function valuesBefore(
  session: Session,
  tree: SqlStatement["tree"],
): Promise<ValuesBefore | undefined> {
  const names = commandsOf(tree).flatMap(({ subtype, name }) =>
    subtype === "AT_AlterColumnType" && name !== undefined ? [name] : [],
  );
  const range = nodeOf(tree).fields["relation"] as
    | { readonly schemaname?: string; readonly relname?: string }
    | undefined;
  if (names.length === 0 || range?.relname === undefined) return undefined;
  const table = [range.schemaname, range.relname]
    .filter((part) => part !== undefined)
    .map(quote)
    .join(".");
  const known = await session.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attname = ANY ($2) AND attgenerated = ''`,
    [table, names],
  );
  const columns = [];
  for (const { name, type } of known) {
    columns.push({ name, type, values: await readValues(session, table, `${quote(name)}::text`) });
  }
  return { table, columns };
}

/** Whether some value does not come back when it is cast to the type that it had. */
export async function losesValues(session: Session, { table, columns }: ValuesBefore): Promise<boolean> {
  for (const { name, type, values } of columns) {
    await session.run("SAVEPOINT wellhead_cast");
    try {
      const now = await readValues(session, table, `(${quote(name)})::${type}::text`);
      if (now.some((value, index) => value !== values[index])) return true;
      await session.run("RELEASE SAVEPOINT wellhead_cast");
    } catch {
      // There is no way back.
      await session.run("ROLLBACK TO SAVEPOINT wellhead_cast; RELEASE SAVEPOINT wellhead_cast");
      if (values.length > 0) return true;
    }
  }
  return false;
}

/** A rewrite keeps the rows in their order. */
async function readValues(session: Session, table: string, expression: string): Promise<readonly string[]> {
  const rows = await session.queryArrays(
    `SELECT coalesce(${expression}, '') FROM ${table} ORDER BY tableoid, ctid LIMIT 100`,
  );
  return rows.map(([value]) => String(value));
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
