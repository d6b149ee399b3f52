// Runs revisions in a scratch database on tables with rows.

import { StatementError, type Row, type Session } from "../../database/index.ts";
import type { PreparedStep } from "../../migrate/index.ts";
import { SqlSyntaxError, statementsOf, type SqlScript, type SqlStatement } from "../../revisions/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import type { Seed } from "../commute/seed.ts";
import { ProofBaseError } from "../errors.ts";
import { Gaps } from "../gaps.ts";
import type { RevisionFailure } from "../run-revision.ts";
import { NO_EFFECT, type Effect } from "./effect.ts";
import { ScratchModuleDatabase } from "./module-database.ts";
import { outsideEffect } from "./outside-effect.ts";
import { failureOf, runRevision } from "./revision-run.ts";
import { readRelations } from "./relation.ts";
import { Seeds } from "./seeds.ts";
import { bindsTransaction, isBeyondTheDatabase, runsOutside } from "./statement-kind.ts";
import { StatementMeter, type MeterStatement } from "./statement-meter.ts";

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

/** A revision to look at, or one of which nobody knows what it runs, and why. */
export type PendingStep = PreparedStep | UnseenStep;

interface UnseenStep {
  readonly info: PreparedStep["info"];
  readonly file: PreparedStep["file"];
  readonly body: { readonly kind: "unseen"; readonly reason: WellheadError };
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

/** What a revision did on tables with rows. */
export interface RehearsedRevision {
  readonly step: PendingStep;
  readonly outcome: RevisionOutcome;
  /** In the order in which they ran; none where they were not measured. */
  readonly statements: readonly MeasuredStatement[];
}

type RevisionOutcome =
  | { readonly kind: "done" }
  /** `onRowsOnly`: on empty tables it works. */
  | { readonly kind: "failed"; readonly failure: RevisionFailure; readonly onRowsOnly: boolean }
  /** It builds on a revision that fails; or it fails itself, and builds on one that is not seen. */
  | { readonly kind: "not-tried"; readonly after: string }
  | { readonly kind: "unseen"; readonly reason: WellheadError };

export interface MeasuredStatement {
  readonly line: number | undefined;
  readonly sql: string;
  readonly tree: SqlStatement["tree"];
  readonly effect: Effect;
  readonly fails: (Pick<RevisionFailure, "code" | "message"> & { readonly onRowsOnly: boolean }) | undefined;
  /** `known`: it cannot be watched, and the manual says what it does; `not-run`: nothing is known of it. */
  readonly source: "measured" | "known" | "not-run";
}

/** What came of it. */
export interface Rehearsal {
  readonly revisions: readonly RehearsedRevision[];
  /** Tables that held no row, with the reason: nothing was proved of them. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[];
}

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

/** Whether it is known what it runs. */
export function isPrepared(step: PendingStep): step is PreparedStep {
  return step.body.kind !== "unseen";
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

async function measureInside(
  session: Session,
  seeds: Seeds,
  step: PreparedStep,
  meter: StatementMeter,
  outcome: RevisionOutcome,
): Promise<readonly MeasuredStatement[]> {
  const measured: MeasuredStatement[] = [];
  const one = async (
    statement: MeterStatement,
    line: number | undefined,
  ): Promise<readonly Row[] | StatementError> => {
    if (bindsTransaction(statement.tree)) await meter.join();
    const { result, answer } = await measureOne(seeds, meter, statement, line, outcome.kind === "done");
    measured.push(result);
    return answer;
  };
  if (step.body.kind === "module") {
    if (outcome.kind === "failed" && outcome.onRowsOnly && outcome.failure.statement === undefined) {
      // Its own code refuses the rows, so it comes to its end on empty tables alone.
      await seeds.empty({ forGood: true });
      await meter.refresh();
    }
    const db = new ScratchModuleDatabase(step.file, async (statement) => {
      const answer = await one(statement, statement.line);
      if (answer instanceof StatementError) throw answer;
      return answer;
    });
    try {
      await step.body.work(db);
    } catch (error) {
      // `outcome` tells of it.
      if (error instanceof WellheadError && !(error instanceof StatementError)) throw error;
    }
  } else if (step.body.kind === "sql") {
    for (const { text, line, tree } of await parsedStatements(step.body.script, step.info.path))
      await one({ sql: text, tree }, line);
  }
  return withFailureOfWhole(measured, outcome);
}

/** None where the script does not parse: `outcome` says so. */
async function parsedStatements(script: SqlScript, path: string): Promise<readonly SqlStatement[]> {
  try {
    return await statementsOf(script, path);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}

/** A statement can fail in the revision's own transaction alone, as the use of an enum value that it has just added. */
function withFailureOfWhole(
  measured: readonly MeasuredStatement[],
  outcome: RevisionOutcome,
): readonly MeasuredStatement[] {
  if (outcome.kind !== "failed" || measured.some(({ fails }) => fails !== undefined)) return measured;
  const { failure, onRowsOnly } = outcome;
  const fails = { code: failure.code, message: failure.message, onRowsOnly };
  return measured.map((each) =>
    each.line === failure.line && (failure.statement === undefined || each.sql === failure.statement)
      ? { ...each, fails }
      : each,
  );
}

async function rehearseOutside(
  session: Session,
  seeds: Seeds,
  step: PreparedStep,
  statements: readonly SqlStatement[],
  meter: StatementMeter,
): Promise<RehearsedRevision> {
  await meter.startRevision();
  const measured: MeasuredStatement[] = [];
  for (const { text, line, tree } of statements) {
    measured.push(
      runsOutside(tree)
        ? await runOutside(session, seeds, meter, { sql: text, tree }, line)
        : (await measureOne(seeds, meter, { sql: text, tree }, line, false)).result,
    );
  }
  await meter.endRevision();
  const failed = measured.find(({ fails }) => fails !== undefined);
  if (failed?.fails === undefined) return { step, outcome: { kind: "done" }, statements: measured };
  const { code, message, onRowsOnly } = failed.fails;
  const { revision, path } = step.info;
  const failure = { revision, path, line: failed.line, statement: failed.sql, code, message };
  return { step, outcome: { kind: "failed", failure, onRowsOnly }, statements: measured };
}

/** Alone, and therefore unwatched. */
async function runOutside(
  session: Session,
  seeds: Seeds,
  meter: StatementMeter,
  { sql, tree }: MeterStatement,
  line: number | undefined,
): Promise<MeasuredStatement> {
  const effect = outsideEffect(tree, meter.known);
  if (isBeyondTheDatabase(tree)) return { line, sql, tree, effect, fails: undefined, source: "not-run" };
  const failure = await runAlone(session, sql);
  if (failure === undefined) {
    await meter.refresh();
    return { line, sql, tree, effect, fails: undefined, source: "known" };
  }
  await dropInvalidIndexes(session);
  await seeds.empty({ forGood: true });
  const again = await runAlone(session, sql);
  if (again === undefined) await seeds.fill();
  await meter.refresh();
  return {
    line,
    sql,
    tree,
    effect,
    fails: { ...failureOf(failure), onRowsOnly: again === undefined },
    source: "known",
  };
}

async function runAlone(session: Session, sql: string): Promise<StatementError | undefined> {
  try {
    await session.run(sql);
    return undefined;
  } catch (error) {
    if (error instanceof StatementError) return error;
    throw error;
  }
}

/** CREATE INDEX CONCURRENTLY leaves its index behind when it fails. */
async function dropInvalidIndexes(session: Session): Promise<void> {
  const [row] = await session.query<{ indexes: string | null }>(
    "SELECT string_agg(indexrelid::regclass::text, ', ') AS indexes FROM pg_index WHERE NOT indisvalid AND indrelid >= 16384",
  );
  const indexes = row?.indexes ?? null;
  if (indexes !== null) await session.run(`DROP INDEX ${indexes}`);
}

/** Measures a statement; one that fails is tried again on empty tables, so that those after it find what they need. */
async function measureOne(
  seeds: Seeds,
  meter: StatementMeter,
  statement: MeterStatement,
  line: number | undefined,
  worksAsWhole: boolean,
): Promise<{ readonly result: MeasuredStatement; readonly answer: readonly Row[] | StatementError }> {
  const { sql, tree } = statement;
  const told = { line, sql, tree, source: "measured" } as const;
  let reading = await meter.measure(statement);
  if (reading.kind === "failed" && worksAsWhole && !meter.isJoined) {
    // It needs the transaction of its revision: a constraint that is checked at its end, for one.
    await meter.join();
    reading = await meter.measure(statement);
  }
  if (reading.kind === "done")
    return { result: { ...told, effect: reading.effect, fails: undefined }, answer: reading.rows };
  const failure = failureOf(reading.error);
  if (!meter.isJoined) {
    await seeds.empty({ forGood: true });
    await meter.refresh();
    const again = await meter.measure(statement);
    await seeds.fill();
    await meter.refresh();
    if (again.kind === "done") {
      const fails = { ...failure, onRowsOnly: true };
      return { result: { ...told, effect: again.effect, fails }, answer: again.rows };
    }
  }
  const fails = { ...failure, onRowsOnly: false };
  return { result: { ...told, effect: NO_EFFECT, fails }, answer: reading.error };
}
