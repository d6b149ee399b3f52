import { StatementError, type Session } from "../../database/index.ts";

/** Takes the rows out of tables that were filled, in a transaction that is open; no trigger runs. `tables` come in the order in which they were filled. */
export async function emptyTables(session: Session, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  // Children first, for where triggers cannot be silenced.
  const deletes = tables.toReversed().map((table) => `DELETE FROM ONLY ${table}`);
  await session.run("SAVEPOINT wellhead_silence");
  try {
    await session.run("SET LOCAL session_replication_role = replica");
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT wellhead_silence");
  }
  await session.run(
    `RELEASE SAVEPOINT wellhead_silence;\n${deletes.join(";\n")};\n${session.resetSettings};\nSET CONSTRAINTS ALL IMMEDIATE`,
  );
}

/** Of tables that were filled, this one and all whose rows hang on its rows. */
export async function tablesAtFault(
  session: Session,
  filled: readonly string[],
  table: string,
): Promise<readonly string[]> {
  // What the question locks is given back, or it would look like something that a head has read.
  await session.run("SAVEPOINT wellhead_fault");
  const rows = await session.queryArrays(
    `WITH RECURSIVE fault(oid) AS (
       SELECT pg_catalog.to_regclass($1)::oid
       UNION SELECT below.child FROM fault f JOIN (
         SELECT inhparent AS parent, inhrelid AS child FROM pg_catalog.pg_inherits
         UNION ALL SELECT confrelid, conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f') below ON below.parent = f.oid)
     SELECT t FROM unnest($2::text[]) t WHERE pg_catalog.to_regclass(t)::oid IN (SELECT oid FROM fault)`,
    [table, filled],
  );
  await session.run("ROLLBACK TO SAVEPOINT wellhead_fault; RELEASE SAVEPOINT wellhead_fault");
  const names = new Set(rows.map(([name]) => String(name)));
  return filled.filter((name) => names.has(name));
}
