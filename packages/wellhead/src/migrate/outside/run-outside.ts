import { ConnectionLostError, StatementError, type Session } from "../../database/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import { MigrationFailedError } from "../errors.ts";
import type { MigrateEvent } from "../events.ts";
import type { MigrateOptions } from "../options.ts";
import { refuseInterrupted } from "../pause.ts";
import type { PreparedStep } from "../prepared-step.ts";
import { withRetries } from "../retry.ts";
import type { StepPlace } from "../step.ts";
import { effectOf, type Effect } from "./effect.ts";
import { AloneBehindPoolerError, OutcomeUnknownError, TakenOverError } from "./errors.ts";
import {
  countStatement,
  finishLine,
  isTakenOver,
  openLine,
  recordBegun,
  waysOn,
  type LedgerLine,
} from "./ledger-line.ts";
import { tagOf } from "./left-running.ts";
import { isSetting, settingsBefore } from "./setting.ts";

/** What a `transaction: none` revision runs with. */
export interface OutsideRun {
  /** A session on which no transaction is open. */
  readonly session: Session;
  readonly step: PreparedStep;
  readonly statements: readonly SqlStatement[];
  readonly versionsBefore: readonly string[];
  readonly place: StepPlace;
  readonly options: MigrateOptions;
  readonly emit: (event: MigrateEvent) => void;
}

/**
 * Runs a `transaction: none` revision, statement by statement, while the caller sees to it that nobody else does. A
 * statement and the count of it in the ledger are one transaction where Postgres lets the statement be in one. Where
 * it does not, that it was sent is recorded before and the count follows: a run that comes after a kill between the
 * two looks at the database to tell whether it was done. Returns how long it took, in milliseconds.
 */
export async function runOutside(run: OutsideRun): Promise<number> {
  const { session, step, statements, versionsBefore, place, options } = run;
  const begun = performance.now();
  let counted = 0;
  let at: SqlStatement | undefined;
  try {
    const line = await openLine(session, step, statements, place);
    counted = line.statementsDone;
    for (const [index, statement] of statements.entries()) {
      if (index < line.statementsDone || isSetting(statement)) continue;
      refuseInterrupted(options.signal);
      at = statement;
      await runStatement(run, line, { statement, index, counted });
      counted = index + 1;
    }
    at = undefined;
    await session.run(finishLine(line, counted, step, versionsBefore, place));
  } catch (error) {
    throw failureOf(run, at, counted, error);
  }
  return performance.now() - begun;
}

interface Position {
  readonly statement: SqlStatement;
  readonly index: number;
  /** How many statements are counted. Settings between those and this one are not work: they are set anew before each statement. */
  readonly counted: number;
}

async function runStatement(run: OutsideRun, line: LedgerLine, position: Position): Promise<void> {
  const { session, step, place, options, emit, statements } = run;
  const { statement, index, counted } = position;
  const settings = settingsBefore(statements, index);
  let wasBegun = line.isNextBegun && counted === line.statementsDone;
  if (!wasBegun) {
    const script = [
      `${tagOf(place.state, step.info.revision)} ${place.settings}`,
      countStatement(line, counted, index + 1),
      ...(settings === "" ? [] : [settings]),
      statement.text,
      session.resetSettings,
    ];
    try {
      return await withRetries(
        options,
        emit,
        async () => await session.run(script.join(";\n")),
        () => [],
      );
    } catch (error) {
      if (!mustBeAlone(error)) throw error;
    }
  }
  const effect = effectOf(statement);
  const attempt = async (): Promise<void> => {
    const alone = { ...position, settings, effect, wasBegun };
    // When it fails and is tried again, this run knows how it went.
    wasBegun = false;
    await runAlone(run, line, alone);
  };
  // Of what it did before it failed nothing may be known: such a statement is not tried again unasked.
  await (effect.kind === "unknown" ? attempt() : withRetries(options, emit, attempt, () => []));
}

interface AlonePosition extends Position {
  readonly settings: string;
  readonly effect: Effect;
  /** An earlier run was cut off in this statement. */
  readonly wasBegun: boolean;
}

/** A statement that cannot be in a transaction. It waits for others without standing in their way, so it gets no lock timeout. */
async function runAlone(run: OutsideRun, line: LedgerLine, position: AlonePosition): Promise<void> {
  const { session, step, place } = run;
  const { statement, index, counted, settings, effect, wasBegun } = position;
  const count = `${session.resetSettings};\n${countStatement(line, counted, index + 1)}`;
  if (wasBegun && effect.kind === "unknown") throw outcomeUnknown(run, line, position);
  const isDone = await withSettings(session, settings, async () => await look(session, effect, wasBegun));
  if (isDone && wasBegun) return await session.run(count);
  // What is there before the first try is not this statement's doing: Postgres will say so.
  const isRecorded = !wasBegun && !isDone && effect.kind !== "repeatable";
  if (isRecorded) await session.run(recordBegun(line, counted, { isBegun: true }));
  try {
    const text = `${tagOf(place.state, step.info.revision)} ${statement.text}`;
    await withSettings(session, settings, async () => await session.run(text));
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    if (wasBegun && (await withSettings(session, settings, async () => await look(session, effect, true))))
      return await session.run(count);
    if (isRecorded || wasBegun) await session.run(recordBegun(line, counted, { isBegun: false }));
    throw error;
  }
  await session.run(count);
}

/** Whether the statement's work is there, after what an earlier try left half done was taken away. */
async function look(session: Session, effect: Effect, wasBegun: boolean): Promise<boolean> {
  if (effect.kind === "unknown") return false;
  await effect.clean?.(session);
  if (effect.kind === "repeatable") return false;
  if (wasBegun) await effect.finish?.(session);
  return await effect.isDone(session);
}

async function withSettings<T>(session: Session, settings: string, work: () => Promise<T>): Promise<T> {
  if (settings === "") return await work();
  await session.run(settings);
  try {
    return await work();
  } finally {
    await session.run(session.resetSettings).catch(() => undefined);
  }
}

/** 25001: it cannot run inside a transaction block; 2D000: a procedure of its own that commits. */
function mustBeAlone(error: unknown): boolean {
  return error instanceof StatementError && ["25001", "2D000"].includes(error.sqlState);
}

function outcomeUnknown(
  { step }: OutsideRun,
  line: LedgerLine,
  { statement, counted }: AlonePosition,
): OutcomeUnknownError {
  const { revision, path } = step.info;
  return new OutcomeUnknownError({
    revision,
    path,
    line: statement.line,
    statement: statement.text,
    statementsDone: counted,
    ...waysOn(line, counted),
  });
}

function failureOf(
  { step, place }: OutsideRun,
  statement: SqlStatement | undefined,
  statementsDone: number,
  error: unknown,
): unknown {
  const { revision, direction, path } = step.info;
  if (isTakenOver(error)) return new TakenOverError(revision, error);
  if (error instanceof ConnectionLostError) return connectionLost(error, revision, statementsDone);
  if (!(error instanceof StatementError) || statement === undefined) return error;
  const { sqlState, reason, detail, postgresHint } = error;
  const { line, text } = statement;
  if (sqlState === "25001") return new AloneBehindPoolerError(step.info, line, error);
  const facts = { revision, direction, path, line, statement: text, sqlState, reason, detail, postgresHint };
  return new MigrationFailedError({ ...facts, versions: place.versionsAtStart, statementsDone }, error);
}

function connectionLost(
  { reason, sqlState, cause }: ConnectionLostError,
  revision: string,
  statementsDone: number,
): ConnectionLostError {
  const hint = reason.includes("query_wait_timeout")
    ? "the pooler had no second server connection for it: raise its pool size, or give migrations a direct connection (DIRECT_URL)"
    : `${revision} runs outside a transaction: ${statementsDone} of its statements are done, and whether the next one is, is not known. Run again: it looks, and goes on from there.`;
  return new ConnectionLostError(reason, { sqlState, cause, duringCommit: true, hint });
}
