/** Whether what this text does may put off the checks of constraints. */
export function mentionsDeferral(sql: string): boolean {
  return /deferr/i.test(sql);
}

/**
 * Defers again what is deferred from the start. SET CONSTRAINTS ALL IMMEDIATE holds to the end of the transaction, also
 * for constraints that are made later in it, and the next revision expects them as a transaction of its own finds them.
 *
 * @see https://www.postgresql.org/docs/current/sql-set-constraints.html
 */
export const deferAgain = `DO $$ DECLARE names text; BEGIN
  SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ') INTO names
  FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred;
  IF names IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED'; END IF;
END $$`;
