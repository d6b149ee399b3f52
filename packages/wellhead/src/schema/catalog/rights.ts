import { madeByUser, roleName } from "./sql-text.ts";

/** Everything that has rights other than those that Postgres gives by itself, with the letter that acldefault() knows its kind by. */
const objectsWithRights = `
    SELECT CASE WHEN relkind = 'S' THEN 'sequence' ELSE 'table' END AS kind, CASE WHEN relkind = 'S' THEN 's' ELSE 'r' END::"char" AS code,
      nspname::text AS schema, relname::text AS "table", full_name AS name, relowner AS owner, relacl AS acl, true AS has_default
    FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relacl IS NOT NULL
    UNION ALL
    SELECT 'column', 'c', r.nspname, r.relname, r.full_name || '.' || quote_ident(a.attname), r.relowner, a.attacl, true
    FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT 'function', 'f', nspname, NULL, full_name, proowner, proacl, true FROM routine WHERE proacl IS NOT NULL
    UNION ALL
    SELECT 'type', 'T', nspname, NULL, full_name, typowner, typacl, true FROM type WHERE typacl IS NOT NULL
    UNION ALL
    SELECT 'schema', 'n', nspname, NULL, quote_ident(nspname), nspowner, nspacl, true FROM namespace WHERE nspacl IS NOT NULL
    UNION ALL
    SELECT 'language', 'l', NULL, NULL, quote_ident(lanname), lanowner, lanacl, true
    FROM pg_catalog.pg_language l WHERE lanacl IS NOT NULL AND ${madeByUser("pg_language", "l.oid")}
    UNION ALL
    SELECT 'foreign server', 'S', NULL, NULL, quote_ident(srvname), srvowner, srvacl, true
    FROM pg_catalog.pg_foreign_server WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT 'foreign data wrapper', 'F', NULL, NULL, quote_ident(fdwname), fdwowner, fdwacl, true
    FROM pg_catalog.pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
    UNION ALL -- what objects to come are given; those of one schema come on top of those of all
    SELECT 'future', CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, n.nspname, NULL,
      CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END
        || ' of ' || ${roleName("d.defaclrole")} || coalesce(' in ' || quote_ident(n.nspname), ''),
      d.defaclrole, d.defaclacl, d.defaclnamespace = 0
    FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace`;

/**
 * What others than the owner may do, where that is not what Postgres gives by itself: an object that nobody granted
 * anything on equals one whose grants were revoked again. All rights together read \`all\`, so that MAINTAIN, which
 * came with 17, is no difference of versions. On 14 everybody may create in the schema public; later nobody may.
 */
const grants = `
SELECT 'grant', g.schema, g."table", format('on %s %s to %s', g.kind, g.name, ${roleName("g.grantee")}),
  CASE WHEN count(*) FILTER (WHERE g.is_actual) = 0 THEN 'nothing'
    WHEN count(*) FILTER (WHERE g.is_actual) = nullif((SELECT count(*) FROM aclexplode(acldefault(g.code, 10::oid))), 1) THEN 'all'
    ELSE string_agg(lower(g.privilege), ', ' ORDER BY g.privilege) FILTER (WHERE g.is_actual) END
  || coalesce(', may grant ' || CASE
    WHEN count(*) FILTER (WHERE g.is_grantable) = 0 THEN NULL
    WHEN count(*) FILTER (WHERE g.is_grantable) = nullif((SELECT count(*) FROM aclexplode(acldefault(g.code, 10::oid))), 1) THEN 'all'
    ELSE string_agg(lower(g.privilege), ', ' ORDER BY g.privilege) FILTER (WHERE g.is_grantable) END, '')
FROM (
  SELECT o.kind, o.code, o.schema, o."table", o.name, r.grantee, r.privilege,
    bool_or(r.is_actual) AS is_actual, NOT bool_and(r.is_actual) AS is_default, bool_or(r.is_grantable) AS is_grantable
  FROM (${objectsWithRights}
  ) o CROSS JOIN LATERAL (
    SELECT a.grantee, a.privilege_type AS privilege, true AS is_actual, a.is_grantable FROM aclexplode(o.acl) a
    WHERE NOT (o.kind = 'schema' AND o.name = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE'
      AND current_setting('server_version_num')::int < 150000)
    UNION ALL
    SELECT a.grantee, a.privilege_type, false, false FROM aclexplode(acldefault(o.code, o.owner)) a WHERE o.has_default
    UNION ALL
    SELECT 0::oid, 'USAGE', false, false WHERE o.kind = 'schema' AND o.name = 'public'
  ) r
  WHERE r.grantee <> o.owner
  GROUP BY o.kind, o.code, o.schema, o."table", o.name, r.grantee, r.privilege
) g
GROUP BY g.kind, g.code, g.schema, g."table", g.name, g.grantee
HAVING bool_or(g.is_actual <> g.is_default OR g.is_grantable)`;

/** Of those objects that do not belong to the owner of the database. */
const owners = `
SELECT 'owner', o.schema, o."table", format('of %s %s', o.kind, o.name), o.owner::regrole::text
FROM (
  SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END AS kind,
    nspname AS schema, relname AS "table", full_name AS name, relowner AS owner FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 'function', nspname, NULL, full_name, proowner FROM routine
  UNION ALL SELECT 'type', nspname, NULL, full_name, typowner FROM type WHERE typtype IN ('e', 'd', 'r')
  UNION ALL SELECT 'schema', nspname, NULL, quote_ident(nspname), nspowner FROM namespace
) o
-- The schema public belongs to initdb's user on 14, and to a role that stands for the database's owner later.
WHERE o.owner <> (SELECT owner FROM database) AND o.owner::regrole::text <> 'pg_database_owner'
  AND NOT (o.kind = 'schema' AND o.name = 'public' AND o.owner = 10)`;

/** Who may do what, and what belongs to whom. */
export const rightsBranches: readonly string[] = [grants, owners];
