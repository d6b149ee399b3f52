import { ConnectionLostError, type Session } from "../database/index.ts";

/** Commits the transaction that is open on `session`. When the answer does not come, the error says that the outcome is not known. */
export async function commit(session: Session): Promise<void> {
  try {
    await session.run("COMMIT");
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) throw error;
    const { reason, sqlState, cause } = error;
    const hint =
      "COMMIT had been sent and was not answered: whether the database has it is not known. Run again: it looks, and goes on from there.";
    throw new ConnectionLostError(reason, { sqlState, cause, duringCommit: true, hint });
  }
}
