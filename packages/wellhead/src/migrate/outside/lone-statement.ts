import { StatementError, type Session } from "../../database/index.ts";
import { withRetries } from "../retry.ts";
import { effectOf, type Effect } from "./effect.ts";
import { OutcomeUnknownError } from "./errors.ts";
import { countStatement, recordBegun, waysOn, type LedgerLine } from "./ledger-line.ts";
import { tagOf } from "./left-running.ts";
import type { OutsideRun, Position } from "./outside-run.ts";

/**
 * Runs a statement that cannot be in a transaction, and then counts it. That it is sent is recorded before; when an
 * earlier run was cut off in it, the database is asked whether it was done. It waits for others without standing in
 * their way, so it gets no lock timeout of ours.
 */
export async function runAlone(run: OutsideRun, line: LedgerLine, position: Position): Promise<void> {
  const effect = effectOf(position.statement);
  let { wasBegun } = position;
  const attempt = async (): Promise<void> => {
    const now = { ...position, wasBegun };
    // When it fails and is tried again, this run knows how it went.
    wasBegun = false;
    await tryAlone(run, line, now, effect);
  };
  // Of what it did before it failed nothing may be known: such a statement is not tried again unasked.
  await (effect.kind === "unknown" ? attempt() : withRetries(run.options, run.emit, attempt, () => []));
}

async function tryAlone(
  run: OutsideRun,
  line: LedgerLine,
  position: Position,
  effect: Effect,
): Promise<void> {
  const { session, step, place } = run;
  const { statement, index, counted, settings, wasBegun } = position;
  const count = `${session.resetSettings};\n${countStatement(line, counted, index + 1)}`;
  if (wasBegun && effect.kind === "unknown") throw outcomeUnknown(run, line, position);
  const look = async (): Promise<boolean> =>
    await withSettings(session, settings, async () => await isDone(run, effect, wasBegun));
  const isThere = await look();
  if (isThere && wasBegun) return await session.run(count);
  // What is there before the first try is not this statement's doing: Postgres will say so.
  const isRecorded = !wasBegun && !isThere && effect.kind !== "repeatable";
  if (isRecorded) await session.run(recordBegun(line, counted, { isBegun: true }));
  try {
    const text = `${tagOf(place.state, step.info.revision)} ${statement.text}`;
    await withSettings(session, settings, async () => await session.run(text));
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    // The server process of the run that was cut off may only now have come to it.
    if (wasBegun && (await look())) return await session.run(count);
    if (isRecorded || wasBegun) await session.run(recordBegun(line, counted, { isBegun: false }));
    throw error;
  }
  await session.run(count);
}

/** Whether the statement's work is there, after what an earlier try left half done was taken away. */
async function isDone(
  { session, options: { signal } }: OutsideRun,
  effect: Effect,
  wasBegun: boolean,
): Promise<boolean> {
  if (effect.kind === "unknown") return false;
  await effect.clean?.(session, signal);
  if (effect.kind === "repeatable") return false;
  if (wasBegun) await effect.finish?.(session, signal);
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

function outcomeUnknown(
  { step }: OutsideRun,
  line: LedgerLine,
  { statement, counted }: Position,
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
