import { readableName, readableSql, type PlannedStatement, type SchemaSnapshot } from "../schema/index.ts";
import { inThreeSteps } from "./fill-steps.ts";
import { withSerials } from "./serials.ts";
import type { GeneratedStatement } from "./working-order.ts";

const NAME = String.raw`(?:"(?:[^"]|"")*"|\w+)`;

/**
 * The statements of a plan as they stand in the file: readable, good for every version of Postgres, and with what
 * pg-delta does not see. `before` and `after` are the schemas that it leads from and to.
 */
export function writtenPlan(
  planned: readonly PlannedStatement[],
  before: SchemaSnapshot,
  after: SchemaSnapshot,
): readonly GeneratedStatement[] {
  const written = withPlainNames(planned, [before, after]).map((statement) => ({
    ...statement,
    sql: FORMS.reduce((sql, form) => form(sql, after), readableSql(whole(statement.sql))),
  }));
  const isNew = (table: string): boolean => !before.has(`table ${table}`);
  return withSerials(written.filter(({ sql }) => !dropsNothing(sql, before)))
    .flatMap((statement) => inThreeSteps(statement, isNew))
    .map((statement) => withCastByText(statement, before, after));
}

const FORMS = [withVirtualColumns, withAllRights, withoutData];

/** pg-delta drops a default before a type changes, whether there is one or not. */
function dropsNothing(sql: string, before: SchemaSnapshot): boolean {
  const pattern = new RegExp(`^ALTER TABLE (${NAME}\\.${NAME}) ALTER COLUMN (${NAME}) DROP DEFAULT$`);
  const [, table, column] = pattern.exec(sql) ?? [];
  if (table === undefined) return false;
  return before.get(`column ${table}.${column}`)?.definition.includes(" default ") === false;
}

/** pg-delta writes every generated column as a stored one. */
function withVirtualColumns(sql: string, after: SchemaSnapshot): string {
  const [, created, altered] =
    new RegExp(
      `^(?:CREATE (?:UNLOGGED )?TABLE (${NAME}\\.${NAME})|ALTER TABLE (${NAME}\\.${NAME}) ADD COLUMN) `,
    ).exec(sql) ?? [];
  const table = created ?? altered;
  if (table === undefined || !sql.includes("STORED")) return sql;
  const columns = new RegExp(
    `((?:\\n  |ADD COLUMN )(${NAME}) [^\\n]* GENERATED ALWAYS AS \\([^\\n]*\\) )STORED`,
    "g",
  );
  return sql.replaceAll(columns, (all, start: string, column: string) =>
    after.get(`column ${table}.${column}`)?.definition.endsWith(") virtual") === true
      ? `${start}VIRTUAL`
      : all,
  );
}

/** pg-delta makes an index of a partitioned table without those of its partitions, which leaves it invalid. */
function whole(sql: string): string {
  return sql.replace(/^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\w+)) ON ONLY /, "$1 ON ");
}

/** All rights on a table by one word: one of them, MAINTAIN, came with 17. */
function withAllRights(sql: string, after: SchemaSnapshot): string {
  const [, table, role = ""] =
    new RegExp(`^GRANT [A-Z, ]+ ON TABLE (${NAME}\\.${NAME}) TO (${NAME})`).exec(sql) ?? [];
  const [, heir] =
    new RegExp(`^ALTER DEFAULT PRIVILEGES .* GRANT [A-Z, ]+ ON TABLES TO (${NAME})`, "s").exec(sql) ?? [];
  const grantee = (table === undefined ? heir : role)?.replace(/^PUBLIC$/, "public");
  const grants = [...after.values()].filter(({ kind, name }) => {
    if (kind !== "grant" || !name.endsWith(` to ${grantee}`)) return false;
    return table === undefined
      ? name.startsWith("on future tables of ")
      : name === `on table ${table} to ${grantee}`;
  });
  const isAll =
    grants.length > 0 && grants.every(({ definition }) => /^all(?:, may grant all)?$/.test(definition));
  return isAll ? sql.replace(/GRANT [A-Z, ]+ ON TABLE/, "GRANT ALL ON TABLE") : sql;
}

/** pg-delta fills every materialized view. */
function withoutData(sql: string, after: SchemaSnapshot): string {
  const [, view] = new RegExp(`^CREATE MATERIALIZED VIEW (${NAME}\\.${NAME}) `).exec(sql) ?? [];
  const { definition = "" } = after.get(`materialized view ${view}`) ?? {};
  return /^(?:using \S+ )?(?:with \(.*?\) )?with no data /.test(definition) ? `${sql}\nWITH NO DATA` : sql;
}

/** An enum that is made anew is set aside by pg-delta as `…__pgdelta_replaced`; here as a person would call it. */
function withPlainNames(
  planned: readonly PlannedStatement[],
  schemas: readonly SchemaSnapshot[],
): readonly PlannedStatement[] {
  const names = new Set(schemas.flatMap((schema) => [...schema.values()].map(({ name }) => name)));
  let statements = planned;
  for (const { sql } of planned) {
    const [, schema, aside, base] =
      new RegExp(
        `^ALTER TYPE (${NAME})\\.${NAME} RENAME TO "?((.+)__pgdelta_replaced(?:_\\d+)?)"?$`,
        "s",
      ).exec(sql) ?? [];
    if (schema === undefined || aside === undefined || base === undefined) continue;
    const inSchema = (name: string): string => `${readableSql(schema)}.${readableName(name)}`;
    let plain = `${base}_old`;
    for (let count = 2; names.has(inSchema(plain)); count += 1) plain = `${base}_old${count}`;
    names.add(inSchema(plain));
    statements = statements.map((each) => ({ ...each, sql: each.sql.replaceAll(aside, plain) }));
  }
  return statements;
}

/** Between two types that the schema makes itself Postgres has no cast, as a rule; by their texts there is one. */
function withCastByText(
  statement: GeneratedStatement,
  before: SchemaSnapshot,
  after: SchemaSnapshot,
): GeneratedStatement {
  const [, start, table, column, type = ""] =
    new RegExp(
      `^(ALTER TABLE (${NAME}\\.${NAME}) ALTER COLUMN (${NAME}) TYPE (\\S+) USING ${NAME})::\\4$`,
    ).exec(statement.sql) ?? [];
  if (start === undefined) return statement;
  const { definition: had = "" } = before.get(`column ${table}.${column}`) ?? {};
  const isMade = (name: string, schema: SchemaSnapshot): boolean =>
    schema.has(`type ${name.replace(/(?:\[\])+$/, "")}`);
  return isMade(had.split(" ", 1)[0] ?? "", before) && isMade(type, after)
    ? { ...statement, otherwise: `${start}::text::${type}` }
    : statement;
}
