import type { PlannedStatement } from "../schema/index.ts";

/** What a sequence of a serial column is made with; anything else is somebody's choice. */
const ordinary =
  /^CREATE SEQUENCE (.+?) AS (smallint|integer|bigint) INCREMENT BY 1 MINVALUE 1 MAXVALUE (32767|2147483647|9223372036854775807) START WITH 1 CACHE 1 NO CYCLE$/;

const serials: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

/** Columns with a sequence as `serial` makes them, written so. */
export function withSerials(statements: readonly PlannedStatement[]): readonly PlannedStatement[] {
  let result = statements;
  for (const { sql } of statements) {
    const [, sequence, type] = ordinary.exec(sql) ?? [];
    if (sequence !== undefined && type !== undefined) result = withSerial(result, sequence, type);
  }
  return result;
}

function withSerial(
  statements: readonly PlannedStatement[],
  sequence: string,
  type: string,
): readonly PlannedStatement[] {
  const ownedBy = `ALTER SEQUENCE ${sequence} OWNED BY `;
  const owned = statements.find(({ sql }) => sql.startsWith(ownedBy))?.sql.slice(ownedBy.length);
  const [, table, column] = /^(.*)\.((?:"(?:[^"]|"")*"|\w+))$/s.exec(owned ?? "") ?? [];
  if (table === undefined || column === undefined) return statements;
  if (sequence.replaceAll('"', "") !== `${table}_${column}_seq`.replaceAll('"', "")) return statements;
  const written = new RegExp(
    `(^CREATE (?:UNLOGGED )?TABLE ${escaped(table)} \\([\\s\\S]*?\\n  |^ALTER TABLE ${escaped(table)} ADD COLUMN )${escaped(column)} ${type} NOT NULL DEFAULT nextval\\('[^']*'::regclass\\)`,
  );
  const index = statements.findIndex(({ sql }) => written.test(sql));
  const creation = statements[index];
  if (creation === undefined) return statements;
  const sql = creation.sql.replace(written, `$1${column} ${serials[type]}`);
  return statements
    .with(index, { ...creation, sql })
    .filter((each) => !each.sql.startsWith(`CREATE SEQUENCE ${sequence} `) && !each.sql.startsWith(ownedBy));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
