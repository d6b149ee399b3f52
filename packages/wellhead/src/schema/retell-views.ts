import { StatementError, type Session } from "../database/index.ts";
import { snapshotOf } from "./read-schema.ts";
import type { QueryStyle, SchemaObject, SchemaSnapshot } from "./schema-object.ts";

/**
 * The snapshot of another server with the queries of its views written as the server behind `session` writes them, so
 * that they can be compared: Postgres before 16 writes the same query otherwise. It is called in an open transaction
 * on a database that has the tables they read; a view that does not fit them stays as it is told.
 */
export async function retellViews(
  session: Session,
  told: SchemaSnapshot,
  style: QueryStyle,
): Promise<SchemaSnapshot> {
  const objects: SchemaObject[] = [];
  for (const object of told.values()) {
    const isView = object.kind === "view" || object.kind === "materialized view";
    const isForeign = object.queryStyle !== undefined && object.queryStyle !== style;
    objects.push(isView && isForeign ? await retold(session, object, style) : object);
  }
  return snapshotOf(objects);
}

/** What `catalog/relations.ts` writes before the query. */
const viewDefinition =
  /^((?:using \S+ )?(?:with \(.*?\) )?(?:with no data )?)(\s*(?:select|with|values|table)\b.*?);?$/is;

async function retold(session: Session, object: SchemaObject, style: QueryStyle): Promise<SchemaObject> {
  const [, options = "", query] = viewDefinition.exec(object.definition) ?? [];
  if (query === undefined) return object;
  await session.run("SAVEPOINT wellhead_retold");
  try {
    await session.run("SET LOCAL search_path = pg_catalog");
    await session.run(`CREATE TEMPORARY VIEW wellhead_retold AS ${query}`);
    const [row] = await session.queryArrays(
      "SELECT pg_catalog.pg_get_viewdef('pg_temp.wellhead_retold'::pg_catalog.regclass)",
    );
    return { ...object, definition: `${options}${String(row?.[0])}`, queryStyle: style };
  } catch (error) {
    if (error instanceof StatementError) return object;
    throw error;
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT wellhead_retold; RELEASE SAVEPOINT wellhead_retold");
  }
}
