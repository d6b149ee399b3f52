// Runs a revision in a scratch database as `upgrade` does, in the transaction that is open.

import { StatementError, type Session } from "../../database/index.ts";
import { deferAgain, type PreparedStep } from "../../migrate/index.ts";
import { locateStatement } from "../../revisions/index.ts";
import type { RevisionFailure } from "../run-revision.ts";
import { callPlace, ScratchModuleDatabase, type ModuleStatement } from "./module-database.ts";

/** Runs all of it; how it failed. A failure leaves the transaction in an aborted state. */
export async function runRevision(
  session: Session,
  step: PreparedStep,
): Promise<RevisionFailure | undefined> {
  const { body } = step;
  switch (body.kind) {
    case "sql":
      try {
        await session.run(`${body.script.text}\n;${afterRevision(session)}`);
        return undefined;
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        const place = await locateStatement(body.script, error.statementsDone, error.position);
        return failureAt(step, error, place);
      }
    case "module": {
      let last: ModuleStatement | undefined;
      const db = new ScratchModuleDatabase(step.file, async (statement) => {
        last = statement;
        return await session.query(statement.sql, statement.parameters);
      });
      try {
        await body.work(db);
        last = undefined;
        await session.run(afterRevision(session));
        return undefined;
      } catch (error) {
        const line = callPlace(step.file.file, error) ?? last?.line;
        return failureAt(step, error, {
          line,
          text: error instanceof StatementError ? last?.sql : undefined,
        });
      }
    }
    case "statements":
      throw new Error("statements that run outside a transaction are run one by one");
    default:
      return body satisfies never;
  }
}

/** What the end of a transaction and of a session would do, so that the next revision finds the session as it was. */
function afterRevision(session: Session): string {
  return [session.resetSettings, "SET CONSTRAINTS ALL IMMEDIATE", deferAgain, "DISCARD TEMP"].join(";\n");
}

/** A failure as it is told. */
export function failureAt(
  { info }: PreparedStep,
  error: unknown,
  place: { readonly line: number | undefined; readonly text: string | undefined } | undefined,
): RevisionFailure {
  return {
    revision: info.revision,
    path: info.path,
    line: place?.line,
    statement: place?.text,
    ...failureOf(error),
  };
}

/** Code and message, Postgres' own where it refused. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof StatementError) return { code: error.sqlState, message: error.reason };
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "E_REVISION_FAILED";
  return { code, message };
}
