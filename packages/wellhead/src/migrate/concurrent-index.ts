import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../database/index.ts";
import type { SqlStatement } from "../revisions/index.ts";
import { quoteIdentifier, quoteLiteral } from "./version-table.ts";

const POLL_MS = 200;

/**
 * Looks, before a named `CREATE INDEX CONCURRENTLY`, at what an earlier one left under that name. True when the index
 * is there and valid and an earlier run of ours had begun it: the server finished it after we had died. An INVALID
 * one is dropped, so that the statement builds it again.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function finishIndex(
  session: Session,
  statement: SqlStatement,
  wasTried: boolean,
): Promise<boolean> {
  const name = concurrentIndexName(statement);
  if (name === undefined) return false;
  for (;;) {
    const [index] = await session.query<{ is_valid: boolean; is_building: boolean }>(
      `SELECT x.indisvalid AS is_valid,
         EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid) AS is_building
       FROM pg_catalog.pg_index x WHERE x.indexrelid = to_regclass(${quoteLiteral(name)})`,
    );
    if (index === undefined) return false;
    if (index.is_valid) return wasTried;
    if (!index.is_building) {
      await session.run(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
      return false;
    }
    await sleep(POLL_MS);
  }
}

/** An index lies in the schema of its table. */
function concurrentIndexName({ tree }: SqlStatement): string | undefined {
  if (!("IndexStmt" in tree) || tree.IndexStmt.concurrent !== true) return undefined;
  const { idxname, relation } = tree.IndexStmt;
  if (idxname === undefined || idxname === "") return undefined;
  const schema = relation?.schemaname === undefined ? "" : `${quoteIdentifier(relation.schemaname)}.`;
  return `${schema}${quoteIdentifier(idxname)}`;
}
