import { DatabaseError } from "pg";

import { WellheadError } from "../wellhead-error.ts";
import { ConnectionLostError, StatementError, ValueError, type StatementFailure } from "./errors.ts";

/** What was being run when the driver reported an error. */
export interface RunContext {
  /** The text that was sent, and how much of its beginning was ours. */
  readonly text: string;
  readonly prologueLength?: number;
  readonly statementsDone: number;
  /** Why the connection is gone, if it is. */
  readonly lost: Error | undefined;
}

/** The driver's error in our words; its own class never leaves this room. */
export function statementFailure(
  error: unknown,
  { text, prologueLength = 0, statementsDone, lost }: RunContext,
): WellheadError {
  if (error instanceof DatabaseError) {
    const failure = fields(error, text, prologueLength);
    if (endsTheSession(error))
      return new ConnectionLostError(failure.reason, { sqlState: error.code, cause: error });
    return new StatementError(failure, statementsDone, error);
  }
  if (lost !== undefined) return connectionLost(lost);
  return new ValueError(error instanceof Error ? error.message : String(error), error);
}

/** The error for whoever uses a connection that is gone. What says by itself why it ended is told as it is. */
export function connectionLost(lost: Error): WellheadError {
  if (lost instanceof ConnectionLostError) return new ConnectionLostError(lost.reason, lost);
  if (lost instanceof WellheadError) return lost;
  const sqlState = lost instanceof DatabaseError ? lost.code : undefined;
  return new ConnectionLostError(lost.message, { sqlState, cause: lost });
}

/**
 * Whether the server has ended the session with this message. The severity says so, but it comes translated; the
 * SQLSTATEs are those that Postgres only ever sends with FATAL.
 */
function endsTheSession(error: DatabaseError): boolean {
  const { severity, code = "" } = error;
  return severity === "FATAL" || severity === "PANIC" || /^(57P0[1-5]|25P0[34])$/.test(code);
}

function fields(error: DatabaseError, text: string, prologueLength: number): StatementFailure {
  const position = error.position === undefined ? undefined : codeUnitPosition(text, Number(error.position));
  return {
    sqlState: error.code ?? "",
    reason: error.message,
    detail: error.detail,
    postgresHint: error.hint ?? ourHint(error),
    position: position === undefined ? undefined : Math.max(position - prologueLength, 1),
    schema: error.schema,
    table: error.table,
    column: error.column,
    constraint: error.constraint,
  };
}

function ourHint(error: DatabaseError): string | undefined {
  if (!error.message.startsWith("COPY from stdin failed")) return undefined;
  return "No data follows a statement here: write INSERT instead of COPY … FROM stdin, as pg_dump --inserts does.";
}

/** Postgres counts characters, JavaScript counts UTF-16 units: an emoji is one there and two here. */
function codeUnitPosition(text: string, character: number): number {
  let index = 0;
  for (let passed = 1; passed < character && index < text.length; passed += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index + 1;
}
