import type { Session } from "../../database/index.ts";

/** A relation that a transaction has touched. */
interface TouchedRelation {
  /** Schema and name, quoted where they need it; of a partition those of its outermost table. */
  readonly name: string;
  /** `r` a table, `p` one with partitions, `m` a materialized view, `v` a view, `i` an index, … */
  readonly kind: string;
  /** It may have changed it, or rows in it: the lock is more than one for reading. */
  readonly isChanged: boolean;
  /** It can be read: a materialized view may hold nothing yet. */
  readonly isReadable: boolean;
}

/**
 * What a transaction has touched so far, sequences left out: whoever draws from one keeps it locked to the end of the
 * transaction, whatever is rolled back. By the locks that it holds: Postgres takes them for whatever is done, also inside
 * functions and triggers.
 */
export interface Footprint {
  /** Those that are there now, by the name that they have now. */
  readonly relations: readonly TouchedRelation[];
  /** The oids of all, and whether they were changed: those that were there before and have another name now, or are gone, too. */
  readonly oids: ReadonlyMap<string, boolean>;
  /** It asked the catalogue itself, as `information_schema` does: what it did may hang on anything that is there. */
  readonly readsCatalogue: boolean;
  /** Functions of the project's may have run, as triggers, defaults, checks and views call them: what they asked for need not show in locks. */
  readonly callsFunctions: boolean;
}

/** Where the oids of what Postgres brings along end. */
const FIRST_NORMAL_OID = 16_384;

/**
 * Locks of a session go with its transaction, and with a savepoint that it rolls back to: what is held now is what was done since.
 *
 * @param looksAtFunctions - else they count as called: it takes a question more
 */
export async function readFootprint(
  session: Session,
  { looksAtFunctions }: { readonly looksAtFunctions: boolean },
): Promise<Footprint> {
  // A function and not the view pg_locks, so that the question itself takes no lock.
  const held = await session.queryArrays(`
    SELECT l.relation::text, bool_or(l.mode NOT IN ('AccessShareLock', 'RowShareLock')), bool_or(l.mode = 'AccessShareLock')
    FROM pg_catalog.pg_lock_status() l
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.database <> 0
    GROUP BY 1`);
  const own = held.filter(([oid]) => Number(oid) >= FIRST_NORMAL_OID);
  const readsCatalogue = held.some(([oid, , isRead]) => Number(oid) < FIRST_NORMAL_OID && isRead === true);
  const callsFunctions = !looksAtFunctions || (await mayCallFunctions(session, own));
  if (own.length === 0) return { relations: [], oids: new Map(), readsCatalogue, callsFunctions };
  const found = await session.queryArrays(
    `SELECT pg_catalog.format('%I.%I', n.nspname, r.relname), r.relkind::text, bool_or(h.is_changed),
       bool_and(r.relkind <> 'm' OR r.relispopulated), array_agg(h.oid::text)
     FROM unnest($1::oid[], $2::bool[]) h(oid, is_changed)
     JOIN pg_catalog.pg_class c ON c.oid = h.oid
     JOIN pg_catalog.pg_class r ON r.oid = coalesce(CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid) END, c.oid)::oid
     JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
     WHERE n.nspname !~ '^pg_'
     GROUP BY 1, 2`,
    [own.map(([oid]) => oid), own.map(([, isChanged]) => isChanged)],
  );
  const rows = found.filter(([, kind]) => kind !== "S");
  const sequences = new Set(found.flatMap(([, kind, , , oids]) => (kind === "S" ? (oids as string[]) : [])));
  const others = own.filter(([oid]) => !sequences.has(String(oid)));
  return {
    relations: rows.map(([name, kind, isChanged, isReadable]) => ({
      name: String(name),
      kind: String(kind),
      isChanged: isChanged === true,
      isReadable: isReadable === true,
    })),
    oids: new Map(others.map(([oid, isChanged]) => [String(oid), isChanged === true])),
    readsCatalogue,
    callsFunctions,
  };
}

async function mayCallFunctions(
  session: Session,
  relations: readonly (readonly unknown[])[],
): Promise<boolean> {
  const [row] = await session.queryArrays(CALLS_FUNCTIONS, [relations.map(([oid]) => oid)]);
  return row?.[0] === true;
}

/** By what hangs on the relations; event triggers, domains, operators and casts on none. */
const CALLS_FUNCTIONS = `
SELECT EXISTS (SELECT FROM pg_catalog.pg_event_trigger)
  OR EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = ANY ($1::oid[]) AND tgfoid >= ${FIRST_NORMAL_OID})
  OR EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= ${FIRST_NORMAL_OID}
      AND CASE d.classid::pg_catalog.regclass::text
        WHEN 'pg_attrdef' THEN (SELECT adrelid FROM pg_catalog.pg_attrdef WHERE oid = d.objid) = ANY ($1::oid[])
        WHEN 'pg_rewrite' THEN (SELECT ev_class FROM pg_catalog.pg_rewrite WHERE oid = d.objid) = ANY ($1::oid[])
        WHEN 'pg_class' THEN d.objid = ANY ($1::oid[])
        WHEN 'pg_constraint' THEN (SELECT conrelid = 0 OR conrelid = ANY ($1::oid[]) FROM pg_catalog.pg_constraint WHERE oid = d.objid)
        WHEN 'pg_operator' THEN true
        WHEN 'pg_cast' THEN true
        ELSE false END
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
        WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'))`;

/** The tables and materialized views whose rows may be others now. */
export function changedTables({ relations }: Footprint): readonly string[] {
  return relations
    .filter(({ kind, isChanged, isReadable }) => isChanged && isReadable && "rpm".includes(kind))
    .map(({ name }) => name);
}
