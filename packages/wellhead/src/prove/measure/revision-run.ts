// Runs a revision in a scratch database as `upgrade` does, in the transaction that is open.

import type { Session, StatementError } from "../../database/index.ts";
import type { PreparedStep } from "../../migrate/index.ts";
import { proofRevision } from "../proof-revision.ts";
import { RevisionFailed, runRevision as run, type RevisionFailure } from "../run-revision.ts";

/** Runs all of it; how it failed. A failure leaves the transaction in an aborted state. */
export async function runRevision(
  session: Session,
  step: PreparedStep,
): Promise<RevisionFailure | undefined> {
  try {
    await run(session, await proofRevision(step));
    return undefined;
  } catch (error) {
    if (error instanceof RevisionFailed) return error.failure;
    throw error;
  }
}

/** Postgres' own code and message. */
export function failureOf({ sqlState, reason }: StatementError): Pick<RevisionFailure, "code" | "message"> {
  return { code: sqlState, message: reason };
}
