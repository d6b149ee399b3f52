import { StatementError, type Session } from "../database/index.ts";
import { snapshotOf } from "./read-schema.ts";
import type { QueryStyle, SchemaObject, SchemaSnapshot } from "./schema-object.ts";

/**
 * The snapshot of another server with the queries of its views, policies, rules and functions written as the server
 * behind `session` writes them, so that they can be compared: Postgres before 16 writes the same query otherwise. It is
 * called in an open transaction on a database that has the tables they read; what does not fit them stays as it is told.
 */
export async function retellQueries(
  session: Session,
  told: SchemaSnapshot,
  style: QueryStyle,
): Promise<SchemaSnapshot> {
  const objects: SchemaObject[] = [];
  for (const object of told.values()) {
    const isForeign = object.queryStyle !== undefined && object.queryStyle !== style;
    const telling = isForeign ? tellingOf(object) : undefined;
    objects.push(telling === undefined ? object : await retold(session, object, telling, style));
  }
  return snapshotOf(objects);
}

/** What makes an object anew for a moment, and how it is told then. */
interface Telling {
  readonly create: string;
  /** A query for its text. */
  readonly text: string;
  readonly definition: (text: string) => string;
}

function tellingOf(object: SchemaObject): Telling | undefined {
  switch (object.kind) {
    case "view":
    case "materialized view":
      return viewTelling(object);
    case "policy":
      return policyTelling(object);
    case "rule":
      return ruleTelling(object);
    default:
      return {
        create: object.definition,
        text: `pg_catalog.pg_get_functiondef(${literal(object.name)}::pg_catalog.regprocedure)`,
        definition: (text) => text,
      };
  }
}

/** What `catalog/relations.ts` writes before the query. */
const viewDefinition =
  /^((?:using \S+ )?(?:with \(.*?\) )?(?:with no data )?)(\s*(?:select|with|values|table)\b.*?);?$/is;

function viewTelling({ definition }: SchemaObject): Telling | undefined {
  const [, options = "", query] = viewDefinition.exec(definition) ?? [];
  if (query === undefined) return undefined;
  return {
    create: `CREATE TEMPORARY VIEW wellhead_retold AS ${query}`,
    text: "pg_catalog.pg_get_viewdef('pg_temp.wellhead_retold'::pg_catalog.regclass)",
    definition: (text) => `${options}${text}`,
  };
}

function policyTelling({ name, definition }: SchemaObject): Telling | undefined {
  const [, head] = /^(.*? to .*?) (?:using|with check) \(/s.exec(definition) ?? [];
  if (head === undefined) return undefined;
  const table = tableOf(name);
  return {
    create: `CREATE POLICY wellhead_retold ON ${table} AS ${definition}`,
    text: `(SELECT pg_catalog.concat_ws(' ', 'using (' || pg_catalog.pg_get_expr(polqual, polrelid) || ')',
        'with check (' || pg_catalog.pg_get_expr(polwithcheck, polrelid) || ')')
      FROM pg_catalog.pg_policy WHERE polname = 'wellhead_retold' AND polrelid = ${literal(table)}::pg_catalog.regclass)`,
    definition: (text) => `${head} ${text}`,
  };
}

function ruleTelling({ name, definition }: SchemaObject): Telling | undefined {
  const [, head, body, state = ""] =
    /^(CREATE RULE (?:"(?:[^"]|"")*"|\S+))( AS.*?;)( disabled| enabled on a replica| enabled always)?$/s.exec(
      definition,
    ) ?? [];
  if (head === undefined || body === undefined) return undefined;
  const own = "CREATE RULE wellhead_retold";
  return {
    create: `${own}${body}`,
    text: `(SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite
      WHERE rulename = 'wellhead_retold' AND ev_class = ${literal(tableOf(name))}::pg_catalog.regclass)`,
    definition: (text) => `${head}${text.slice(own.length)}${state}`,
  };
}

/** The table of what is named after it. */
function tableOf(name: string): string {
  return name.replace(/\.(?:"(?:[^"]|"")*"|[^".]+)$/, "");
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function retold(
  session: Session,
  object: SchemaObject,
  { create, text, definition }: Telling,
  style: QueryStyle,
): Promise<SchemaObject> {
  await session.run("SAVEPOINT wellhead_retold");
  try {
    await session.run("SET LOCAL search_path = pg_catalog");
    await session.run(create);
    const [row] = await session.queryArrays(`SELECT ${text}`);
    return { ...object, definition: definition(String(row?.[0])), queryStyle: style };
  } catch (error) {
    if (error instanceof StatementError) return object;
    throw error;
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT wellhead_retold; RELEASE SAVEPOINT wellhead_retold");
  }
}
