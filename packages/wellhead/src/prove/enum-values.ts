import { StatementError, type Session } from "../database/index.ts";
import type { ProofRevision } from "./proof-revision.ts";

/** Whether a revision may add values to an enum. */
export function mayAddEnumValues({ body }: ProofRevision): boolean {
  const addsValue = /\badd\s+value\b/iu;
  switch (body.kind) {
    case "statements":
      return body.statements.some(({ text }) => addsValue.test(text));
    case "script":
      return addsValue.test(body.script.text);
    case "module":
      return true;
    default:
      return body satisfies never;
  }
}

/**
 * Makes usable what a commit would make usable: Postgres keeps a list of the values that were added to enums in this
 * transaction, and refuses to store them (55P04). It knows them by their oids, and nothing has them yet, so that they can be
 * given others: odd ones, since two even ones are compared as numbers. Only a superuser may; for others a revision that
 * needs it fails as before.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES
 */
export async function settleEnumValues(session: Session): Promise<void> {
  await session.run("SAVEPOINT wellhead_enum");
  try {
    await session.run(SETTLE);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT wellhead_enum");
  }
  await session.run("RELEASE SAVEPOINT wellhead_enum");
}

const SETTLE = `DO $settle$
DECLARE added record; fresh oid;
BEGIN
  FOR added IN
    SELECT v.oid, v.enumlabel, pg_catalog.format_type(v.enumtypid, NULL) AS type FROM pg_catalog.pg_enum v
    WHERE v.xmin::text::bigint >= pg_catalog.pg_current_xact_id()::xid::text::bigint
  LOOP
    BEGIN
      EXECUTE pg_catalog.format('SELECT %L::%s', added.enumlabel, added.type);
    EXCEPTION WHEN unsafe_new_enum_value_usage THEN
      LOOP
        fresh := pg_catalog.pg_nextoid('pg_catalog.pg_enum', 'oid', 'pg_catalog.pg_enum_oid_index');
        EXIT WHEN fresh::bigint % 2 = 1;
      END LOOP;
      UPDATE pg_catalog.pg_enum SET oid = fresh WHERE oid = added.oid;
    END;
  END LOOP;
END $settle$`;
