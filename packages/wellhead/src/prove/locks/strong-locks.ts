import { compareLockModes, type Allowance, type LockMode, type RevisionFile } from "../../revisions/index.ts";
import { adviceFor } from "../explain/advice.ts";
import type { TakenLock } from "../measure/effect.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";

/** A lock that is stronger than is wished for, on a relation that is in use already. */
export interface StrongLock {
  readonly revision: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly sql: string;
  readonly lock: TakenLock;
  readonly advice: string | undefined;
  /** Why the revision's head allows it. */
  readonly allowedBecause: string | undefined;
}

export interface StrongLocksOptions {
  /** Anything stronger is told. */
  readonly max: LockMode;
  /** All pending revisions run at once, so that nobody uses a relation that one of them makes. */
  readonly runsAtOnce: boolean;
}

/** The locks of measured statements that are stronger than `max`, in the order of the statements. */
export function strongLocks(
  { revisions }: Rehearsal,
  { max, runsAtOnce }: StrongLocksOptions,
): readonly StrongLock[] {
  return revisions.flatMap(({ step, statements }) =>
    statements.flatMap((statement) =>
      statement.effect.locks
        .filter(({ mode, isNewInRun }) => compareLockModes(mode, max) > 0 && !(runsAtOnce && isNewInRun))
        .map((lock) => ({
          revision: step.info.revision,
          path: step.info.path,
          line: statement.line,
          sql: statement.sql,
          lock,
          // Whether it fails is told elsewhere.
          advice: adviceFor({ ...statement, fails: undefined }),
          allowedBecause: reasonFor(lock, step.file),
        })),
    ),
  );
}

function reasonFor({ relation, mode }: TakenLock, { allows }: RevisionFile): string | undefined {
  const covers = (allowance: Allowance): boolean =>
    allowance.kind === "lock" &&
    compareLockModes(mode, allowance.mode) <= 0 &&
    allowance.relations.some((name) => plainName(name) === plainName(relation));
  return allows.find(covers)?.reason;
}

/** Names as people write them: the schema `public` and the quotes may be left out. */
function plainName(name: string): string {
  return name.replaceAll('"', "").replace(/^public\./u, "");
}
