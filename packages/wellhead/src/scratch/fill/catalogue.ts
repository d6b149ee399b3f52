// What the catalogue says of the tables that are to be filled, in two questions.

import type { Session } from "../../database/index.ts";
import { askAgain, type KeptQuestion } from "../ask-again.ts";

/** A table that can hold rows itself: a partitioned one cannot, its partitions can. */
export interface FillableTable {
  readonly oid: string;
  /** Schema and name, quoted. */
  readonly sql: string;
  /** As the search path allows it, for people. */
  readonly name: string;
  /** Of a partition the outermost table it belongs to, which foreign keys name; of any other table itself. */
  readonly root: string;
  readonly isPartitioned: boolean;
  readonly columns: readonly Column[];
  /** Conditions on a row: checks, and what a partition takes. */
  readonly checks: readonly string[];
  /** Column numbers that no two rows may share, of each unique and exclusion constraint and unique index. */
  readonly keys: readonly (readonly number[])[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Statements that keep the project's triggers and rules from running while rows are put in, and that undo it. */
  readonly silence: readonly string[];
  readonly unsilence: readonly string[];
}

export interface Column {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly modifier: number;
  /** The type as SQL writes it, with its length. */
  readonly typeSql: string;
  readonly isNotNull: boolean;
  readonly isIdentity: boolean;
  readonly isGenerated: boolean;
  readonly default: string | null;
}

export interface ForeignKey {
  /** Column numbers, in the order of `parentColumns`. */
  readonly columns: readonly number[];
  readonly parent: string;
  /** With ONLY where rows of inheriting tables do not count. */
  readonly parentSql: string;
  readonly parentColumns: readonly string[];
  readonly isDeferrable: boolean;
}

/** A type as far as values are made for it. */
export interface ValueType {
  readonly oid: string;
  readonly name: string;
  readonly sql: string;
  readonly kind: "base" | "enum" | "domain" | "range" | "multirange" | "composite" | "pseudo";
  /** Of an array. */
  readonly element: string | null;
  /** Of a domain. */
  readonly base: string | null;
  readonly baseModifier: number;
  readonly isNotNull: boolean;
  /** Of a domain, about `VALUE`. */
  readonly checks: readonly string[];
  readonly labels: readonly string[];
  /** Of a range or multirange. */
  readonly subtype: string | null;
  /** Of a composite type. */
  readonly attributes: readonly { readonly type: string; readonly modifier: number }[];
}

/** Tables by their oid, without those of extensions; `names` restricts them, written as people write them. */
export async function readFillableTables(
  session: Session,
  names: readonly string[] | undefined,
): Promise<ReadonlyMap<string, FillableTable>> {
  const rows = (await askAgain(session, names === undefined ? ALL_TABLES : SOME_TABLES, names)) as [
    FillableTable,
  ][];
  return new Map(rows.map(([table]) => [table.oid, table]));
}

/** The types of the columns and all that these are made of. */
export async function readValueTypes(
  session: Session,
  tables: Iterable<FillableTable>,
): Promise<ReadonlyMap<string, ValueType>> {
  const oids = new Set([...tables].flatMap(({ columns }) => columns.map(({ type }) => type)));
  const rows = (await askAgain(session, TYPES, oids)) as [ValueType][];
  return new Map(rows.map(([type]) => [type.oid, type]));
}

const tablesQuery = (only: string): string => `
SELECT json_build_object(
  'oid', c.oid::text,
  'sql', format('%I.%I', n.nspname, c.relname),
  'name', c.oid::regclass::text,
  'root', coalesce(CASE WHEN c.relispartition THEN pg_partition_root(c.oid) END, c.oid)::oid::text,
  'isPartitioned', c.relkind = 'p',
  'columns', ARRAY(
    SELECT json_build_object('number', a.attnum, 'name', a.attname, 'type', a.atttypid::text, 'modifier', a.atttypmod,
      'typeSql', format_type(a.atttypid, a.atttypmod), 'isNotNull', a.attnotnull, 'isIdentity', a.attidentity <> '',
      'isGenerated', a.attgenerated <> '', 'default', pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  'checks', ARRAY(
    SELECT pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
    UNION ALL SELECT pg_get_partition_constraintdef(c.oid)
      WHERE c.relispartition AND pg_get_partition_constraintdef(c.oid) IS NOT NULL),
  'keys', ARRAY(
    SELECT array_to_json(ARRAY(
      SELECT attnum FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) WHERE attnum > 0 AND place <= x.indnkeyatts
      -- Columns of the expressions, which the index depends on.
      UNION SELECT d.refobjsubid::int2 FROM pg_depend d
        WHERE x.indexprs IS NOT NULL AND d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
          AND d.refobjid = c.oid AND d.refobjsubid > 0))
    FROM pg_index x WHERE x.indrelid = c.oid AND (x.indisunique OR x.indisexclusion)),
  'foreignKeys', ARRAY(
    SELECT json_build_object('columns', array_to_json(k.conkey), 'parent', k.confrelid::text,
      'parentSql', CASE WHEN p.relkind = 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', pn.nspname, p.relname),
      'parentColumns', ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS f(attnum, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = f.attnum ORDER BY f.place),
      'isDeferrable', k.condeferrable)
    FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE k.conrelid = c.oid AND k.contype = 'f'
      -- A key that leads to a partitioned table has a copy for each partition, which does not hold by itself.
      AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid)),
  'silence', ARRAY(
    SELECT format('ALTER TABLE ONLY %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, t.tgname)
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    UNION ALL SELECT format('ALTER TABLE %I.%I DISABLE RULE %I', n.nspname, c.relname, r.rulename)
    FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled IN ('O', 'A')),
  'unsilence', ARRAY(
    SELECT format('ALTER TABLE ONLY %I.%I ENABLE %s TRIGGER %I', n.nspname, c.relname, CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' END, t.tgname)
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    UNION ALL SELECT format('ALTER TABLE %I.%I ENABLE %s RULE %I', n.nspname, c.relname, CASE r.ev_enabled WHEN 'A' THEN 'ALWAYS' END, r.rulename)
    FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled IN ('O', 'A'))
) AS "table"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
  ${only}
ORDER BY n.nspname, c.relname`;

const ALL_TABLES: KeptQuestion = { name: "wellhead_fill_all", sql: tablesQuery("") };
const SOME_TABLES: KeptQuestion = {
  name: "wellhead_fill_some",
  sql: tablesQuery(
    "AND (c.oid IN (SELECT to_regclass(t) FROM unnest($1) t) OR c.oid IN (SELECT relid FROM unnest($1) t, pg_partition_tree(to_regclass(t))))",
  ),
  takesTexts: true,
};

const TYPES: KeptQuestion = {
  name: "wellhead_fill_types",
  takesTexts: true,
  sql: `
WITH RECURSIVE used (oid) AS (
  SELECT unnest($1)::oid
  UNION
  SELECT part.oid FROM used JOIN pg_type t ON t.oid = used.oid
  CROSS JOIN LATERAL (
    SELECT t.typelem AS oid UNION SELECT t.typbasetype
    UNION SELECT r.rngsubtype FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
    UNION SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS part WHERE part.oid <> 0
)
SELECT json_build_object(
  'oid', t.oid::text,
  'name', t.typname,
  'sql', format_type(t.oid, NULL),
  'kind', CASE t.typtype WHEN 'b' THEN 'base' WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range'
    WHEN 'm' THEN 'multirange' WHEN 'c' THEN 'composite' ELSE 'pseudo' END,
  'element', CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem::text END,
  'base', nullif(t.typbasetype, 0)::text,
  'baseModifier', t.typtypmod,
  'isNotNull', t.typnotnull,
  'checks', ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
  'labels', ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
  'subtype', (SELECT r.rngsubtype::text FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)),
  'attributes', ARRAY(SELECT json_build_object('type', a.atttypid::text, 'modifier', a.atttypmod)
    FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
) AS type
FROM used JOIN pg_type t ON t.oid = used.oid`,
};
