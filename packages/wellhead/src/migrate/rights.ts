import type { Database, Finding, Session } from "../database/index.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import { qualified, quoteIdentifier, type VersionTableOptions } from "./version-table.ts";

/** What a run does to the rows of the version table and of the ledger. */
const NEEDED = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;

/** Whether this user may create tables where they would go, and write to our two, with the GRANT to ask for. */
export async function checkRights(
  database: Database,
  { versionTable = "alembic_version", versionTableSchema }: VersionTableOptions,
): Promise<Finding<true>> {
  return await database.withSession(async (session) => {
    const place = await readPlace(session, versionTableSchema);
    if (place.schema === null) return noSchema(place, versionTableSchema);
    const tables = await readTables(session, versionTable, versionTableSchema);
    return judge(place, place.schema, tables);
  });
}

interface Place extends Record<string, unknown> {
  readonly user: string;
  readonly path: string;
  /** The schema where tables would be created; null when there is none. */
  readonly schema: string | null;
  readonly may_use: boolean;
  readonly may_create: boolean;
}

async function readPlace(session: Session, schema: string | undefined): Promise<Place> {
  const [row] = await session.query<Place>(
    `SELECT current_user::text AS user, pg_catalog.current_setting('search_path') AS path, n.nspname::text AS schema,
  coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS may_use,
  coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS may_create
FROM (SELECT coalesce($1, current_schema()::text) AS name) AS wanted
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name`,
    [schema ?? null],
  );
  return row ?? { user: "", path: "", schema: null, may_use: false, may_create: false };
}

function noSchema({ user, path }: Place, wanted: string | undefined): Finding<true> {
  const name = quoteIdentifier(wanted ?? "public");
  return {
    kind: "fails",
    detail:
      wanted === undefined
        ? `no schema to work in: the search path is ${path}, and "${user}" may use none of it`
        : `the schema "${wanted}" does not exist`,
    hint: `ask for it: CREATE SCHEMA IF NOT EXISTS ${name}; GRANT USAGE, CREATE ON SCHEMA ${name} TO ${quoteIdentifier(user)}`,
  };
}

interface TableRights extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly missing: readonly string[];
}

/** The rights that are missing on the version table, and on the ledger beside it, as far as they exist. */
async function readTables(
  session: Session,
  versionTable: string,
  schema: string | undefined,
): Promise<readonly TableRights[]> {
  return await session.query<TableRights>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name,
  ARRAY(SELECT needed FROM unnest($4::text[]) AS needed WHERE NOT has_table_privilege(c.oid, needed)) AS missing
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname IN ($1, $2) AND c.relkind IN ('r', 'p', 'v', 'f')
  AND CASE WHEN $3::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $3 END
ORDER BY c.relname = $2`,
    [versionTable, LEDGER_TABLE, schema ?? null, [...NEEDED]],
  );
}

function judge(place: Place, schema: string, tables: readonly TableRights[]): Finding<true> {
  const user = quoteIdentifier(place.user);
  const inSchema = [...(place.may_use ? [] : ["USAGE"]), ...(place.may_create ? [] : ["CREATE"])];
  const lacking = tables.filter(({ missing }) => missing.length > 0);
  if (inSchema.length === 0 && lacking.length === 0)
    return { kind: "holds", detail: goodNews(schema, tables), value: true };
  const what = [
    ...(inSchema.length === 0 ? [] : [`${inSchema.join(", ")} in the schema "${schema}"`]),
    ...lacking.map(({ name, missing }) => `${missing.join(", ")} on ${name}`),
  ];
  const grants = [
    ...(inSchema.length === 0
      ? []
      : [`GRANT ${inSchema.join(", ")} ON SCHEMA ${quoteIdentifier(schema)} TO ${user}`]),
    ...lacking.map(
      (table) => `GRANT ${table.missing.join(", ")} ON ${qualified(table.schema, table.name)} TO ${user}`,
    ),
  ];
  return {
    kind: "fails",
    detail: `"${place.user}" lacks ${what.join("; ")}`,
    hint: `ask their owner for: ${grants.join("; ")}`,
  };
}

function goodNews(schema: string, tables: readonly TableRights[]): string {
  const names = tables.map(({ name }) => name);
  const rows = names.length === 0 ? "" : `, and read and write ${names.join(" and ")}`;
  return `may create tables in the schema "${schema}"${rows}`;
}
