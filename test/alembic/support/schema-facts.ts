import type { Client } from "pg";

/** What a database holds, as sorted lines: tables with their columns, constraints, indexes, views, functions, versions. */
export async function schemaFacts(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(facts);
  return rows.map(({ line }) => line);
}

// The ledger is left out: printed SQL writes none.
const facts = `
WITH space AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relation AS (
  SELECT c.oid, c.relkind, nspname || '.' || relname AS name
  FROM pg_class c JOIN space ON space.oid = relnamespace
  WHERE relname !~ '^wellhead_ledger'
)
SELECT format('column %s.%s %s %s %s', name, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) AS line
FROM relation JOIN pg_attribute a ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
WHERE relkind IN ('r', 'v', 'm', 'p')
UNION ALL
SELECT format('constraint %s.%s %s', name, conname, pg_get_constraintdef(c.oid)) FROM relation JOIN pg_constraint c ON conrelid = relation.oid
UNION ALL
SELECT format('index %s valid=%s', pg_get_indexdef(i.indexrelid), indisvalid) FROM relation JOIN pg_index i ON indrelid = relation.oid
UNION ALL
SELECT format('view %s %s', name, pg_get_viewdef(oid)) FROM relation WHERE relkind = 'v'
UNION ALL
SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN space ON space.oid = pronamespace
UNION ALL
SELECT format('schema %s', nspname) FROM space
ORDER BY 1`;
