/** SQL for a list of `name=value` options in an order of its own: `(fillfactor=70, …)`; null where there is none, as mostly. */
export function optionList(options: string): string {
  return `CASE WHEN ${options} IS NOT NULL THEN '(' || (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(${options}) o) || ')' END`;
}

/** The same with the values of options that hold a secret left out: a snapshot may be printed. */
export function optionListWithoutSecrets(options: string): string {
  return `'(' || (SELECT string_agg(regexp_replace(o, '^([^=]*(pass|secret|token|key)[^=]*)=.*', '\\1=…', 'i'), ', ' ORDER BY o COLLATE "C") FROM unnest(${options}) o) || ')'`;
}

/** SQL for a condition that holds for what a user made and no extension did. */
export function madeByUser(catalog: string, oid: string): string {
  return `${oid} >= 16384 AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.${catalog}'::regclass AND e.objid = ${oid})`;
}

/** SQL for a role's name; the owner of the database is called so, whatever its name is on this server. */
export function roleName(oid: string): string {
  return `CASE WHEN ${oid} = 0 THEN 'public' WHEN ${oid} = (SELECT owner FROM database) THEN 'the owner' ELSE ${oid}::regrole::text END`;
}
