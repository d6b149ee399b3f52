import type { Session } from "../database/index.ts";

/**
 * Tells for each table which rows it holds, as a text that is the same for the same rows, in whatever order they and
 * the columns stand. Partitions count as their partitioned table. Nothing is changed.
 *
 * @param tables full names, quoted where they need it, such as `public.users`; default: all tables and all
 *   materialized views that hold data, without those of extensions
 */
export async function hashTables(
  session: Session,
  tables?: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = tables ?? (await readTables(session));
  if (names.length === 0) return new Map();
  // The sum of two hashes a row needs no sort, and a row that is there twice counts twice.
  const branches = names.map(
    (name, index) =>
      `SELECT ${index}, count(*) || ' rows ' || coalesce(sum(hashtextextended(t, 0)::numeric) || ' ' || sum(hashtextextended(t, 1)::numeric), '')
       FROM (SELECT to_jsonb(r.*)::text AS t FROM ${name} r) j`,
  );
  const rows = await session.queryArrays(branches.join(" UNION ALL "));
  return new Map(rows.map(([index, hash]) => [names[Number(index)] as string, String(hash)]));
}

async function readTables(session: Session): Promise<string[]> {
  const rows = await session.queryArrays(`
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      AND (c.relkind IN ('r', 'p') OR (c.relkind = 'm' AND c.relispopulated)) AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1`);
  return rows.map(([name]) => String(name));
}
