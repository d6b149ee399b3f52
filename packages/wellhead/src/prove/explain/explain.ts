import type { TakenLock } from "../measure/effect.ts";
import type { Rehearsal, RehearsedRevision } from "../measure/rehearsal.ts";
import { adviceFor } from "./advice.ts";

/** A statement of a pending revision, and what it means for those who use the database meanwhile. */
export interface ExplainedStatement {
  readonly revision: string;
  readonly path: string;
  /** Where it begins in the file; of a `.ts` revision the line that runs it, where that is known. */
  readonly line?: number;
  readonly sql: string;
  /** A relation has one entry, its strongest lock; the strongest comes first. */
  readonly locks: readonly TakenLock[];
  /** Tables, materialized views and indexes that are written anew. */
  readonly rewrites: readonly string[];
  /** Tables of which all rows are read. */
  readonly scans: readonly string[];
  readonly dataLoss: boolean;
  /** SQLSTATE and Postgres' message. */
  readonly fails?: { readonly code: string; readonly message: string };
  /** The safer way, where there is one; of a statement that fails, what helps. */
  readonly advice?: string;
}

/** The statements of a rehearsal in their order. */
export function explainedStatements({ revisions }: Rehearsal): readonly ExplainedStatement[] {
  return revisions.flatMap(explainRevision);
}

function explainRevision({ step, outcome, statements }: RehearsedRevision): readonly ExplainedStatement[] {
  const { revision, path } = step.info;
  const explained = statements.map((statement): ExplainedStatement => {
    const { line, sql, effect, fails } = statement;
    const advice = adviceFor(statement);
    return {
      revision,
      path,
      ...(line !== undefined && { line }),
      sql,
      ...effect,
      locks: effect.locks.map(({ relation, mode, blocks }) => ({ relation, mode, blocks })),
      ...(fails !== undefined && { fails: { code: fails.code, message: fails.message } }),
      ...(advice !== undefined && { advice }),
    };
  });
  if (outcome.kind !== "failed" || explained.some(({ fails }) => fails !== undefined)) return explained;
  // It failed outside any statement that could be told: its text does not parse, or its own code threw.
  const { line, statement, code, message } = outcome.failure;
  return [
    ...explained,
    {
      revision,
      path,
      ...(line !== undefined && { line }),
      sql: statement ?? "",
      locks: [],
      rewrites: [],
      scans: [],
      dataLoss: false,
      fails: { code, message },
    },
  ];
}
