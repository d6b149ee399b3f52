// Runs revisions in a scratch database on tables with rows.

import { StatementError, type Session } from "../../database/index.ts";
import type { PreparedStep } from "../../migrate/index.ts";
import type { Seed } from "../commute/seed.ts";
import { ProofBaseError } from "../errors.ts";
import { Gaps } from "../gaps.ts";
import type { RevisionFailure } from "../run-revision.ts";
import { measureInside, rehearseOutside } from "./measure-statements.ts";
import {
  isPrepared,
  type PendingStep,
  type Rehearsal,
  type RehearsedRevision,
  type RevisionOutcome,
} from "./rehearsal.ts";
import { failureOf, runRevision } from "./revision-run.ts";
import { readRelations } from "./relation.ts";
import { Seeds } from "./seeds.ts";
import { isBeyondTheDatabase } from "./statement-kind.ts";
import { StatementMeter } from "./statement-meter.ts";

/** What to rehearse. */
export interface RehearseOptions {
  /** Revisions that a database has already, in their order. */
  readonly applied: readonly PreparedStep[];
  /** Those to look at, in the order in which `upgrade` runs them. */
  readonly pending: readonly PendingStep[];
  /** Revisions among them, or below, of which nobody knows what they run: they are left out. */
  readonly leftOut?: Iterable<string>;
  /** Also look at each statement; default false. The session must not be in a transaction then. */
  readonly measuresStatements?: boolean;
  /** The project's own rows, and the revisions over which they are put in instead of rows that are made up. */
  readonly seed?: { readonly rows: Seed; readonly over: ReadonlySet<string> } | undefined;
  /** What stands for a transaction; default `committed`. */
  readonly transactions?: Transactions;
}

/** The statements that begin and end what stands for a transaction. */
export interface Transactions {
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
}

const committed: Transactions = { begin: "BEGIN", commit: "COMMIT", rollback: "ROLLBACK" };

/** Inside a transaction that the caller rolls back: nothing is left of the rehearsal. */
export const nested: Transactions = {
  begin: "SAVEPOINT wellhead_rehearsal",
  commit: "RELEASE SAVEPOINT wellhead_rehearsal",
  rollback: "ROLLBACK TO SAVEPOINT wellhead_rehearsal; RELEASE SAVEPOINT wellhead_rehearsal",
};

/**
 * Runs the applied revisions, fills the empty tables and runs the pending ones, each on tables with rows, committed
 * one by one. A revision that fails is tried on empty tables, so that the others can follow where rows are made up.
 *
 * @throws {ProofBaseError} `E_PROOF_BASE` when an applied revision does not run in a scratch database
 */
export async function rehearse(session: Session, options: RehearseOptions): Promise<Rehearsal> {
  const { transactions = committed, measuresStatements = false, seed } = options;
  const seeds = new Seeds(session);
  const gaps = new Gaps(options.leftOut ?? []);
  const missing = new Set(seed?.over);
  /** Once the last of them is there; whether it is that one. */
  const seedAfter = async (revision: string): Promise<boolean> => {
    const isLast = missing.delete(revision) && missing.size === 0 && seed !== undefined;
    if (isLast) await seeds.replaceBy(seed.rows);
    return isLast;
  };
  for (const step of options.applied) {
    gaps.below(step.file);
    await apply(session, step, transactions);
    await seedAfter(step.info.revision);
  }
  const meter = new StatementMeter(session, new Set((await readRelations(session)).keys()));
  await seeds.fill();
  const revisions: RehearsedRevision[] = [];
  const broken = new Set<string>();
  const rehearsePendingStep = async (step: PendingStep): Promise<RehearsedRevision> => {
    const below = gaps.below(step.file);
    const after = [...step.file.revises, ...step.file.dependsOn].find((id) => broken.has(id));
    if (after !== undefined) return { step, outcome: { kind: "not-tried", after }, statements: [] };
    if (!isPrepared(step)) {
      return { step, outcome: { kind: "unseen", reason: step.body.reason }, statements: [] };
    }
    const rehearsed = await rehearseRevision(session, seeds, step, {
      transactions,
      measuresStatements,
      meter,
    });
    const isFailure = rehearsed.outcome.kind === "failed" && !rehearsed.outcome.onRowsOnly;
    return isFailure && below !== undefined
      ? { step, outcome: { kind: "not-tried", after: below }, statements: [] }
      : rehearsed;
  };
  for (const step of options.pending) {
    const revision = await rehearsePendingStep(step);
    const { outcome } = revision;
    const isThere =
      outcome.kind === "done" ||
      // It is left out.
      outcome.kind === "unseen" ||
      (outcome.kind === "failed" && outcome.onRowsOnly && !(seeds.hasOwnRows && !measuresStatements));
    if (!isThere) broken.add(step.info.revision);
    revisions.push(revision);
    const isSeeded = isThere && (await seedAfter(step.info.revision));
    if (isSeeded || (await seeds.fill())) meter.forget();
  }
  return { revisions, unfilled: seeds.unfilled };
}

async function apply(
  session: Session,
  step: PreparedStep,
  { begin, commit, rollback }: Transactions,
): Promise<void> {
  if (step.body.kind === "statements") {
    for (const { text, line, tree } of step.body.statements) {
      if (isBeyondTheDatabase(tree)) continue;
      try {
        await session.run(text);
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        const { revision, path } = step.info;
        throw new ProofBaseError({ revision, path, line, statement: text, ...failureOf(error) }, error);
      }
    }
    return;
  }
  await session.run(begin);
  const failure = await runRevision(session, step);
  await session.run(failure === undefined ? commit : rollback);
  if (failure !== undefined) throw new ProofBaseError(failure, undefined);
}

interface RevisionWish {
  readonly transactions: Transactions;
  readonly measuresStatements: boolean;
  readonly meter: StatementMeter;
}

async function rehearseRevision(
  session: Session,
  seeds: Seeds,
  step: PreparedStep,
  { transactions, measuresStatements, meter }: RevisionWish,
): Promise<RehearsedRevision> {
  if (step.body.kind === "statements")
    return await rehearseOutside(session, seeds, step, step.body.statements, meter);
  const outcome = await tryWhole(session, seeds, step, transactions, !measuresStatements);
  if (!measuresStatements) {
    meter.forget();
    return { step, outcome, statements: [] };
  }
  await meter.startRevision();
  const statements = await measureInside(session, seeds, step, meter, outcome);
  await meter.endRevision();
  return { step, outcome, statements };
}

/** Runs a revision as `upgrade` does: as a whole, in one transaction, which is kept when it is asked for. */
async function tryWhole(
  session: Session,
  seeds: Seeds,
  step: PreparedStep,
  { begin, commit, rollback }: Transactions,
  isKept: boolean,
): Promise<RevisionOutcome> {
  const end = async (failure: RevisionFailure | undefined): Promise<void> =>
    await session.run(isKept && failure === undefined ? commit : rollback);
  await session.run(begin);
  const failure = await runRevision(session, step);
  await end(failure);
  if (failure === undefined) return { kind: "done" };
  // The project's own rows cannot be put in once more: without them the revision is only tried.
  const isRetryKept = isKept && !seeds.hasOwnRows;
  await session.run(begin);
  await seeds.empty({ forGood: isRetryKept });
  const again = await runRevision(session, step);
  await session.run(isRetryKept && again === undefined ? commit : rollback);
  return { kind: "failed", failure, onRowsOnly: again === undefined };
}
