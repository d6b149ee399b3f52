import type { Session } from "../../database/index.ts";
import { pause } from "../pause.ts";
import { quoteLiteral } from "../version-table.ts";

export interface IndexPlace {
  /** Without its schema, which is the table's. */
  readonly name: string;
  /** As SQL writes it, quoted, with the schema where the statement names one. */
  readonly table: string;
}

const POLL_MS = 200;

/**
 * Drops the INVALID index that a `CREATE INDEX CONCURRENTLY` which failed or was cut off left under this name. While
 * another session is still building it, this waits.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function dropInvalidIndex(
  session: Session,
  { name, table }: IndexPlace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const condition = `x.indrelid = to_regclass(${quoteLiteral(table)}) AND c.relname = ${quoteLiteral(name)}`;
  for (;;) {
    const [building] = await session.query(
      `SELECT p.pid FROM pg_catalog.pg_stat_progress_create_index p JOIN pg_catalog.pg_index x ON x.indexrelid = p.index_relid
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid WHERE NOT x.indisvalid AND ${condition}`,
    );
    if (building === undefined) break;
    await pause(POLL_MS, signal);
  }
  await dropInvalid(session, condition);
}

/** What a `REINDEX` is of; empty for the whole database. */
export interface ReindexScope {
  /** A table or an index, as SQL writes it. */
  readonly relation?: string;
  readonly schema?: string;
}

/**
 * Drops the INVALID copies that a `REINDEX CONCURRENTLY` which failed or was cut off left beside the indexes.
 *
 * @see https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
 */
export async function dropReindexLeftovers(
  session: Session,
  { relation, schema }: ReindexScope,
): Promise<void> {
  const root = relation === undefined ? "" : `to_regclass(${quoteLiteral(relation)})`;
  // An index stands for its table, a partitioned one for the tables of its partitions; each table brings its TOAST table.
  const tables = `SELECT coalesce(i.indrelid, t.relid) FROM (SELECT relid FROM pg_partition_tree(${root}) UNION SELECT ${root}) t
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = t.relid`;
  const scope =
    relation !== undefined
      ? `(x.indrelid IN (${tables}) OR x.indrelid IN (SELECT reltoastrelid FROM pg_catalog.pg_class WHERE oid IN (${tables})))`
      : schema !== undefined
        ? `x.indrelid IN (SELECT unnest(ARRAY[oid, reltoastrelid]) FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(${quoteLiteral(`"${schema.replaceAll('"', '""')}"`)}))`
        : "true";
  await dropInvalid(session, String.raw`c.relname ~ '_cc(new|old)\d*$' AND ${scope}`);
}

/** Drops the INVALID indexes that the condition names, over `pg_index x` and `pg_class c`. */
async function dropInvalid(session: Session, condition: string): Promise<void> {
  const found = await session.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'i' AND NOT x.indisvalid AND ${condition}`,
  );
  for (const { name } of found) await session.run(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
}
