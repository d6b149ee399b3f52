import { ProofBaseError } from "./errors.ts";
import { RevisionFailed } from "./run-revision.ts";

/**
 * Does the work of a revision that what is proved stands on.
 *
 * @throws {ProofBaseError} `E_PROOF_BASE` when the revision fails
 */
export async function onBase(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RevisionFailed) throw new ProofBaseError(error.failure, error.cause);
    throw error;
  }
}
