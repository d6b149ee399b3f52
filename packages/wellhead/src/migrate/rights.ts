import { StatementError, type Database, type Finding, type Session } from "../database/index.ts";
import { LedgerPermissionError, MigrationFailedError } from "./errors.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import { qualified, quoteIdentifier, type VersionTableOptions } from "./version-table.ts";

/** What is done to our two tables, and in their schema. */
interface Needed {
  readonly tables: readonly string[];
  readonly schema: readonly ("USAGE" | "CREATE")[];
}

const TO_WRITE: Needed = {
  tables: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  schema: ["USAGE", "CREATE"],
};
const TO_READ: Needed = { tables: ["SELECT"], schema: ["USAGE"] };

/** Whether this user may create tables where they would go, and write to our two, with the GRANT to ask for. */
export async function checkRights(database: Database, options: VersionTableOptions): Promise<Finding<true>> {
  return await database.withSession(async (session) => await findRights(session, options, TO_WRITE));
}

/**
 * The error to tell where the server has refused for want of a right (42501): which rights on our tables are missing,
 * with the GRANT to ask for. The same error again where none is, or where nothing can be asked. No transaction may be
 * open on `session`.
 */
export async function explainRefusal(
  session: Session,
  options: VersionTableOptions,
  purpose: "read" | "write",
  error: unknown,
): Promise<unknown> {
  if (!isRefusal(error)) return error;
  const needed = purpose === "read" ? TO_READ : TO_WRITE;
  const found = await findRights(session, options, needed).catch(() => undefined);
  return found?.kind === "fails" ? new LedgerPermissionError(found.detail, found.hint, error) : error;
}

/** A statement of ours was refused; one of a revision has a line, and is the revision's own matter. */
function isRefusal(error: unknown): boolean {
  if (error instanceof MigrationFailedError) return error.sqlState === "42501" && error.line === undefined;
  return error instanceof StatementError && error.sqlState === "42501";
}

async function findRights(
  session: Session,
  { versionTable = "alembic_version", versionTableSchema }: VersionTableOptions,
  needed: Needed,
): Promise<Finding<true>> {
  const place = await readPlace(session, versionTableSchema);
  if (place.schema === null) return noSchema(place, versionTableSchema);
  const tables = await readTables(session, versionTable, versionTableSchema, needed);
  return judge(place, place.schema, tables, needed);
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
  needed: Needed,
): Promise<readonly TableRights[]> {
  return await session.query<TableRights>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name,
  ARRAY(SELECT needed FROM unnest($4::text[]) AS needed WHERE NOT has_table_privilege(c.oid, needed)) AS missing
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname IN ($1, $2) AND c.relkind IN ('r', 'p', 'v', 'f')
  AND CASE WHEN $3::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $3 END
ORDER BY c.relname = $2`,
    [versionTable, LEDGER_TABLE, schema ?? null, needed.tables],
  );
}

function judge(place: Place, schema: string, tables: readonly TableRights[], needed: Needed): Finding<true> {
  const user = quoteIdentifier(place.user);
  const may = { USAGE: place.may_use, CREATE: place.may_create };
  const inSchema = needed.schema.filter((right) => !may[right]);
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
