import { otherBranches } from "./others.ts";
import { relationBranches } from "./relations.ts";
import { rightsBranches } from "./rights.ts";
import { routineBranches } from "./routines.ts";
import { typeBranches } from "./types.ts";

/**
 * One statement that describes every object of the schema, in rows of (kind, schema, table, name, definition), on
 * Postgres 14 to 18. No row holds an object id, a position of a column or a file, so that two databases have the same
 * schema when they give the same rows. What belongs to an extension is the extension's.
 *
 * Postgres leaves out a schema that is on the search path when it writes a name, so the path has to be `pg_catalog`
 * while the rows are made. The first branch sets it and the last one sets back what it found: the branches of a UNION
 * ALL run one after the other (set_config is not allowed in parallel plans), and all names of a plan are fixed
 * before it runs. So one statement does it, inside and outside of a transaction, and nothing stays changed.
 *
 * The first row tells the version of the server. Its columns decide the types of all others: an unknown `''` there
 * would make them `name`, which cuts definitions to 63 bytes.
 */
export const catalogQuery: string = `
WITH before AS MATERIALIZED (
  SELECT current_setting('search_path') AS path
), dependent_object AS MATERIALIZED (
  SELECT classid, objid FROM pg_catalog.pg_depend
  -- A range type brings functions and a cast of its own.
  WHERE deptype = 'e' OR (deptype = 'i' AND classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_cast'::regclass))
), namespace AS MATERIALIZED (
  SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
), relation AS MATERIALIZED (
  SELECT c.*, n.nspname, format('%I.%I', n.nspname, c.relname) AS full_name
  FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
), type AS MATERIALIZED (
  SELECT t.*, n.nspname, format('%I.%I', n.nspname, t.typname) AS full_name
  FROM pg_catalog.pg_type t JOIN namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r', 'b', 'c')
    AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid)
), routine AS MATERIALIZED (
  SELECT p.*, n.nspname, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS full_name
  FROM pg_catalog.pg_proc p JOIN namespace n ON n.oid = p.pronamespace
  -- Said twice, so that Postgres' own 3,400 fall out first.
  WHERE p.pronamespace = ANY (ARRAY(SELECT oid FROM namespace))
    AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
), database AS MATERIALIZED (
  SELECT datdba AS owner FROM pg_catalog.pg_database WHERE datname = current_database()
)
SELECT 'server'::text AS kind, NULL::text AS schema, NULL::text AS "table",
  current_setting('server_version_num') AS name, set_config('search_path', 'pg_catalog', true) AS definition
FROM before WHERE path IS NOT NULL
UNION ALL
${[...relationBranches, ...typeBranches, ...routineBranches, ...rightsBranches, ...otherBranches].join("\nUNION ALL\n")}
UNION ALL
SELECT 'server', NULL, NULL, NULL, set_config('search_path', path, true) FROM before`;
