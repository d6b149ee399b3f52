import { mentionsDeferral as mentions } from "../../migrate/index.ts";
import { needsNoTransaction, type ProofRevision } from "../proof-revision.ts";

/** A head with what it brings beyond the common ancestors, ready to run. */
export interface Branch {
  readonly head: string;
  /** In the order of a plan. */
  readonly revisions: readonly ProofRevision[];
}

/** Whether something in it cannot run in a transaction at all. */
export function needsCopy({ revisions }: Pick<Branch, "revisions">): boolean {
  return revisions.some(needsNoTransaction);
}

/** Whether what it does may hang on the rows that it meets, or cannot be known before it runs. */
export function dependsOnRows({ revisions }: Branch): boolean {
  return revisions.some(
    ({ body }) => body.kind !== "statements" || body.statements.some(({ traits }) => traits.dependsOnRows),
  );
}

/** Whether it may put off the checks of constraints. */
export function mentionsDeferral({ revisions }: Branch): boolean {
  return revisions.some(
    ({ body }) => body.kind !== "statements" || body.statements.some(({ text }) => mentions(text)),
  );
}
