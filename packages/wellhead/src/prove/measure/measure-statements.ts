// What each statement of a revision does on tables with rows.

import { StatementError, type Row, type Session } from "../../database/index.ts";
import type { PreparedStep } from "../../migrate/index.ts";
import { SqlSyntaxError, statementsOf, type SqlScript, type SqlStatement } from "../../revisions/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { NO_EFFECT } from "./effect.ts";
import { ScratchModuleDatabase } from "./module-database.ts";
import { outsideEffect } from "./outside-effect.ts";
import type { MeasuredStatement, RehearsedRevision, RevisionOutcome } from "./rehearsal.ts";
import { failureOf } from "./revision-run.ts";
import type { Seeds } from "./seeds.ts";
import { bindsTransaction, isBeyondTheDatabase, runsOutside } from "./statement-kind.ts";
import type { StatementMeter, MeterStatement } from "./statement-meter.ts";

/** Measures what a revision runs in its transaction, statement by statement. */
export async function measureInside(
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

/** The same of a `transaction: none` revision. */
export async function rehearseOutside(
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
