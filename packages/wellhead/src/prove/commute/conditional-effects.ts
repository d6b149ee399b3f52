import type { Session } from "../../database/index.ts";
import type { ProofRevision, ProofStatement } from "../proof-revision.ts";
import type { StatementObserver } from "../run-revision.ts";

/** A statement that may do nothing without a word, and whether it did something. */
export interface ConditionalEffect {
  readonly revision: string;
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly didSomething: boolean;
}

/**
 * Watches the conditional statements of a revision. One did nothing when no row was written, neither in a table of the
 * project nor in Postgres' own catalogue.
 */
export function watchConditions(
  session: Session,
  { revision, path }: ProofRevision,
  effects: ConditionalEffect[],
): StatementObserver {
  return {
    around: async (statement: ProofStatement, run: () => Promise<void>) => {
      if (!statement.traits.isConditional) return await run();
      const before = await writtenRows(session);
      await run();
      const didSomething = (await writtenRows(session)) !== before;
      effects.push({ revision, path, line: statement.line, statement: statement.text, didSomething });
    },
  };
}

/** How many rows this transaction has written, rolled back ones included. */
async function writtenRows(session: Session): Promise<string> {
  const [row] = await session.queryArrays(`
    SELECT sum(pg_catalog.pg_stat_get_xact_tuples_inserted(oid) + pg_catalog.pg_stat_get_xact_tuples_updated(oid)
      + pg_catalog.pg_stat_get_xact_tuples_deleted(oid))::text
    FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm', 't')`);
  return String(row?.[0]);
}
