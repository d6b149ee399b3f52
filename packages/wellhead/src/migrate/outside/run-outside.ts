import { ConnectionLostError, StatementError } from "../../database/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import { MigrationFailedError } from "../errors.ts";
import { refuseInterrupted } from "../pause.ts";
import { runCounted } from "./counted-statement.ts";
import { AloneBehindPoolerError, TakenOverError } from "./errors.ts";
import { finishLine, isTakenOver, openLine, type LedgerLine } from "./ledger-line.ts";
import { runAlone } from "./lone-statement.ts";
import type { OutsideRun, Position } from "./outside-run.ts";
import { isSetting, settingsBefore } from "./setting.ts";
import { ofItsStatements } from "../statements-done.ts";

/**
 * Runs a `transaction: none` revision, statement by statement, while the caller sees to it that nobody else does. A
 * statement and the count of it in the ledger are one transaction where Postgres lets the statement be in one. Where
 * it does not, that it is sent is recorded before and the count follows: a run that comes after a kill between the
 * two looks at the database to tell whether it was done. Returns how long it took, in milliseconds.
 */
export async function runOutside(run: OutsideRun): Promise<number> {
  const { session, step, statements, versionsBefore, place, options } = run;
  const begun = performance.now();
  let counted = 0;
  let at: SqlStatement | undefined;
  try {
    const line = await openLine(session, step, statements, place);
    counted = line.statementsDone;
    for (const [index, statement] of statements.entries()) {
      if (index < line.statementsDone || isSetting(statement)) continue;
      refuseInterrupted(options.signal);
      at = statement;
      const wasBegun = line.isNextBegun && counted === line.statementsDone;
      const settings = settingsBefore(statements, index);
      await runStatement(run, line, { statement, index, settings, counted, wasBegun });
      counted = index + 1;
    }
    at = undefined;
    await session.run(finishLine(line, counted, step, versionsBefore, place));
  } catch (error) {
    throw failureOf(run, at, counted, error);
  }
  return performance.now() - begun;
}

async function runStatement(run: OutsideRun, line: LedgerLine, position: Position): Promise<void> {
  if (position.wasBegun) return await runAlone(run, line, position);
  try {
    await runCounted(run, line, position);
  } catch (error) {
    if (!mustBeAlone(error)) throw error;
    await runAlone(run, line, position);
  }
}

/** 25001: it cannot run inside a transaction block; 2D000: a procedure of its own that commits. */
function mustBeAlone(error: unknown): boolean {
  return error instanceof StatementError && ["25001", "2D000"].includes(error.sqlState);
}

function failureOf(
  { step, place }: OutsideRun,
  statement: SqlStatement | undefined,
  statementsDone: number,
  error: unknown,
): unknown {
  const { revision, direction, path } = step.info;
  if (isTakenOver(error)) return new TakenOverError(revision, error);
  if (error instanceof ConnectionLostError) return connectionLost(error, revision, statementsDone);
  if (!(error instanceof StatementError) || statement === undefined) return error;
  const { sqlState, reason, detail, postgresHint } = error;
  const { line, text } = statement;
  if (sqlState === "25001") return new AloneBehindPoolerError(step.info, line, error);
  const facts = { revision, direction, path, line, statement: text, sqlState, reason, detail, postgresHint };
  return new MigrationFailedError({ ...facts, versions: place.versionsAtStart, statementsDone }, error);
}

function connectionLost(
  { reason, sqlState, cause }: ConnectionLostError,
  revision: string,
  statementsDone: number,
): ConnectionLostError {
  const hint = reason.includes("query_wait_timeout")
    ? "the pooler had no second server connection for it: raise its pool size, or give migrations a direct connection (DIRECT_URL)"
    : `${revision} runs outside a transaction: ${ofItsStatements(statementsDone)}, and whether the next one is, is not known. Run again: it looks, and goes on from there.`;
  return new ConnectionLostError(reason, { sqlState, cause, duringCommit: true, hint });
}
