import type { Session } from "../../database/index.ts";
import type { LockMode } from "../../revisions/index.ts";

/** A table, index, view or sequence as the catalogue and the transaction that is open know it. */
export interface Relation {
  readonly oid: string;
  /** As the search path allows it. */
  readonly name: string;
  /** `relkind` of pg_class. */
  readonly kind: string;
  /** The table of an index. */
  readonly indexOf: string | null;
  /** Its file; null for what has none. */
  readonly file: string | null;
  readonly bytes: number;
  /** Numbers of the columns that hold values of their own. */
  readonly columns: readonly number[];
}

/** What the transaction did to a relation so far. */
export interface TouchedRelation extends Relation, Counters {
  readonly modes: readonly LockMode[];
}

/** A lock on a relation that is gone. */
export interface DroppedRelation {
  readonly oid: string;
  readonly name: null;
  readonly modes: readonly LockMode[];
}

const FACTS = `c.oid::text AS oid, c.oid::regclass::text AS name, c.relkind::text AS kind, x.indrelid::text AS "indexOf",
  pg_relation_filenode(c.oid)::text AS file,
  CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)::int ELSE 0 END AS bytes,
  CASE WHEN c.relkind = 'r' THEN ARRAY(SELECT a.attnum::int FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY 1) ELSE '{}' END AS columns`;

const COUNTERS = `pg_stat_get_xact_tuples_returned(c.oid)::int AS "rowsRead",
  pg_stat_get_xact_tuples_fetched(c.oid)::int AS "rowsFetched", pg_stat_get_xact_tuples_deleted(c.oid)::int AS "rowsDeleted"`;

/** All relations that people have made, by oid. */
export async function readRelations(session: Session): Promise<Map<string, Relation>> {
  const rows = await session.query<Relation & Record<string, unknown>>(`
SELECT ${FACTS} FROM pg_class c LEFT JOIN pg_index x ON x.indexrelid = c.oid
WHERE c.oid >= ${FIRST_OID} AND c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I', 'S', 'f') AND c.relpersistence <> 't'
  AND c.relnamespace <> 'pg_toast'::regnamespace`);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** The relations on which the open transaction holds a lock. */
export async function readTouched(session: Session): Promise<readonly (TouchedRelation | DroppedRelation)[]> {
  return await session.query<(TouchedRelation | DroppedRelation) & Record<string, unknown>>(`
WITH held AS MATERIALIZED (
  SELECT relation, array_agg(DISTINCT mode) AS modes FROM pg_locks
  WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted AND relation >= ${FIRST_OID}
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  GROUP BY relation
)
SELECT ${FACTS}, held.relation::text AS oid, held.modes,
  ${COUNTERS}
FROM held LEFT JOIN pg_class c ON c.oid = held.relation LEFT JOIN pg_index x ON x.indexrelid = c.oid
WHERE c.oid IS NULL OR (c.relpersistence <> 't' AND c.relkind <> 't' AND c.relnamespace <> 'pg_toast'::regnamespace)`);
}

/** What the transaction has read and deleted so far. The counters are reported now and then only, so they can hold what earlier transactions did. */
export interface Counters {
  readonly rowsRead: number;
  /** Rows found through an index. */
  readonly rowsFetched: number;
  readonly rowsDeleted: number;
}

/** The counters of all tables, where they are not zero. */
export async function readCounters(session: Session): Promise<ReadonlyMap<string, Counters>> {
  const rows = await session.query<Counters & { readonly oid: string } & Record<string, unknown>>(`
SELECT * FROM (SELECT c.oid::text AS oid, ${COUNTERS} FROM pg_class c WHERE c.oid >= ${FIRST_OID} AND c.relkind IN ('r', 'm')) AS counters
WHERE "rowsRead" + "rowsFetched" + "rowsDeleted" > 0`);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** What initdb makes has smaller numbers. */
const FIRST_OID = 16_384;
