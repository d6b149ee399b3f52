import type { PlannedStatement } from "../schema/index.ts";
import type { GeneratedStatement } from "./working-order.ts";

/**
 * NOT NULL on a table that may hold rows, in three steps: the column, values for the rows that are there (which a
 * person has to write), the mark.
 *
 * @param isNew whether a table, by its name as it is in SQL, is made by the same revision: it holds no rows
 */
export function inThreeSteps(
  statement: PlannedStatement,
  isNew: (table: string) => boolean,
): readonly GeneratedStatement[] {
  const { sql, losesData } = statement;
  const added =
    /^ALTER TABLE ((?:"(?:[^"]|"")*"|[\w.])+) ADD COLUMN ((?:"(?:[^"]|"")*"|\w)+) ([\s\S]*?) NOT NULL$/.exec(
      sql,
    );
  const marked =
    /^ALTER TABLE ((?:"(?:[^"]|"")*"|[\w.])+) ALTER COLUMN ((?:"(?:[^"]|"")*"|\w)+) SET NOT NULL$/.exec(sql);
  const [, table = "", column = "", rest] = added ?? marked ?? [];
  if (table === "" || isNew(table) || /\b(DEFAULT|GENERATED)\b/.test(rest ?? "")) return [{ sql, losesData }];
  const set = {
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
    losesData: false,
    todo: [
      `to be written: a value for the rows that have none`,
      `UPDATE ${table} SET ${column} = … WHERE ${column} IS NULL;`,
    ],
  };
  if (rest === undefined) return [set];
  return [{ sql: `ALTER TABLE ${table} ADD COLUMN ${column} ${rest}`, losesData }, set];
}
