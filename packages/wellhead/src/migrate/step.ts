import { hostname } from "node:os";
import { pathToFileURL } from "node:url";
import { StatementError, type Session } from "../database/index.ts";
import { locateStatement, scriptChecksum, upgradeChecksum } from "../revisions/index.ts";
import { WELLHEAD_VERSION } from "../version.ts";
import { WellheadError } from "../wellhead-error.ts";
import type { DatabaseState } from "./database-state.ts";
import { deferAgain } from "./defer-again.ts";
import { MigrationFailedError } from "./errors.ts";
import { insertLedgerEntries, type LedgerEntry } from "./ledger.ts";
import { leaving } from "./interruption.ts";
import type { PreparedStep, StepBody } from "./prepared-step.ts";
import { withRevisionDatabase } from "./revision-database.ts";
import { versionsIn, versionsQuery, type VersionRow } from "./tables.ts";
import { qualified, versionRowChanges, versionRowStatement } from "./version-table.ts";

/** A step of a `.sql` revision, and one of a `.ts` revision: what can run in a transaction of ours. */
export type SqlStep = PreparedStep & { readonly body: Extract<StepBody, { readonly kind: "sql" }> };
export type ModuleStep = PreparedStep & { readonly body: Extract<StepBody, { readonly kind: "module" }> };

/** Told of each step: before it runs, and when it has, with how long it took. What they throw ends the run. */
export interface StepListener {
  readonly onStart: (step: PreparedStep) => void;
  readonly onEnd: (step: PreparedStep, durationMs: number) => void;
}

/**
 * Runs steps in the transaction that is open on `session`. A revision and its version rows travel as one message, and
 * the next ones are sent before its answer has come: after a failure Postgres runs nothing of the transaction any
 * more. One step takes its line in the ledger along; of several all lines are one statement behind them, which costs
 * the server a quarter of the time. Resolves to the rows of the version table that are there afterwards.
 */
export async function runSqlSteps(
  session: Session,
  steps: readonly SqlStep[],
  versionsBefore: readonly string[],
  place: StepPlace,
  { onStart, onEnd }: StepListener,
): Promise<readonly string[]> {
  let [current] = steps;
  if (current === undefined) return versionsBefore;
  onStart(current);
  let begun = performance.now();
  const done: TimedStep[] = [];
  const onDone = (index: number): void => {
    const ended = performance.now();
    if (current !== undefined) {
      done.push({ step: current, begun, ended });
      onEnd(current, ended - begun);
    }
    begun = ended;
    current = steps[index + 1];
    if (current !== undefined) onStart(current);
  };
  const scripts = messages(session, steps, versionsBefore, place);
  const question = versionsQuery(place.state);
  try {
    if (steps.length === 1) return versionsIn(await session.runAll<VersionRow>(scripts, onDone, question));
    await session.runAll(scripts, onDone);
    return versionsIn(await session.runAll<VersionRow>([linesOf(done, place)], () => undefined, question));
  } catch (error) {
    throw current === undefined ? error : await failure(current, error, place.versionsAtStart);
  }
}

/** A step that has run, by the clock of `performance.now()`. */
interface TimedStep {
  readonly step: SqlStep;
  readonly begun: number;
  readonly ended: number;
}

function* messages(
  session: Session,
  steps: readonly SqlStep[],
  versionsBefore: readonly string[],
  place: StepPlace,
): Generator<string> {
  let versions = versionsBefore;
  for (const step of steps) {
    const after = afterStep(session, step, versions, place);
    // Postgres takes the time at which it comes to the message for statement_timestamp(): the start of the step.
    const line =
      steps.length === 1 ? [ledgerLines([entryOf(step, place, "statement_timestamp()")], place)] : [];
    yield `${step.body.script.text}\n;${[...after, ...line].join(";\n")}`;
    versions = step.info.versionsAfter;
  }
}

function linesOf(done: readonly TimedStep[], place: StepPlace): string {
  const now = performance.now();
  const at = (time: number): string => `statement_timestamp() - interval '${(now - time).toFixed(3)} ms'`;
  return ledgerLines(
    done.map(({ step, begun, ended }) => ({ ...entryOf(step, place, at(begun)), finishedAt: at(ended) })),
    place,
  );
}

/** Runs the step in the transaction that is open on `session`. */
export async function runModuleStep(
  session: Session,
  step: ModuleStep,
  versionsBefore: readonly string[],
  place: StepPlace,
  { onStart, onEnd }: StepListener,
): Promise<void> {
  onStart(step);
  const begun = performance.now();
  try {
    await leaving(place.signal, withRevisionDatabase(session, step.file, place.signal, step.body.work));
    const startedAt = `clock_timestamp() - interval '${Math.round(performance.now() - begun)} ms'`;
    const line = ledgerLines([entryOf(step, place, startedAt)], place);
    await session.run([...afterStep(session, step, versionsBefore, place), line].join(";\n"));
  } catch (error) {
    throw await failure(step, error, place.versionsAtStart);
  }
  onEnd(step, performance.now() - begun);
}

export interface StepPlace {
  readonly state: DatabaseState;
  readonly applicationName: string;
  /** Settings of the run, as SQL, that hold again after a revision has changed the session's. */
  readonly settings: string;
  /** Where the database stands when the transaction is rolled back. */
  readonly versionsAtStart: readonly string[];
  /** Constraints may be deferred from the start: they are so again for each revision. */
  readonly mayDefer: boolean;
  /** Ends the run when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** Temporary tables, which the next revision may make by the same name, and the cursors that may be open on them. */
export const LEAVE_NOTHING = "CLOSE ALL;\nDISCARD TEMP";

/**
 * What follows a revision in its transaction. Whatever role, search path or timeout it set is undone, and its temporary tables are gone, so that a
 * revision runs the same whether it comes first or last in a run. Deferred constraints are checked now, because a
 * pending check would make the next revision's ALTER TABLE of the same table fail (55006).
 */
function afterStep(
  session: Session,
  step: PreparedStep,
  versionsBefore: readonly string[],
  { state, settings, mayDefer }: StepPlace,
): readonly string[] {
  return [
    session.resetSettings,
    settings,
    "SET CONSTRAINTS ALL IMMEDIATE",
    ...(mayDefer ? [deferAgain] : []),
    LEAVE_NOTHING,
    ...versionRowChanges(versionsBefore, step.info.versionsAfter).map((change) =>
      versionRowStatement(qualified(state.schema, state.versionTable), change),
    ),
  ].filter((statement) => statement !== "");
}

function entryOf(step: SqlStep | ModuleStep, { applicationName }: StepPlace, startedAt: string): LedgerEntry {
  const { revision, direction } = step.info;
  return {
    revision,
    direction,
    checksum: direction === "upgrade" ? checksumOf(step) : null,
    statementsDone: null,
    startedAt,
    appliedBy: `${applicationName}@${hostname()}`,
    wellheadVersion: WELLHEAD_VERSION,
  };
}

function checksumOf({ body, file }: SqlStep | ModuleStep): string {
  return body.kind === "sql" ? scriptChecksum(body.script) : upgradeChecksum(file);
}

function ledgerLines(entries: readonly LedgerEntry[], { state }: StepPlace): string {
  return insertLedgerEntries(state.schema, entries);
}

async function failure(
  step: SqlStep | ModuleStep,
  error: unknown,
  versions: readonly string[],
): Promise<unknown> {
  // What says by itself what it is (a lost connection, our own refusals) goes through as it is.
  if (error instanceof WellheadError && !(error instanceof StatementError)) return error;
  const { revision, direction, path } = step.info;
  const place = await placeOf(step, error);
  const isRefusal = error instanceof StatementError;
  return new MigrationFailedError(
    {
      revision,
      direction,
      path,
      versions,
      line: place?.line,
      statement: place?.text,
      sqlState: isRefusal ? error.sqlState : undefined,
      reason: isRefusal ? error.reason : error instanceof Error ? error.message : String(error),
      detail: isRefusal ? error.detail : undefined,
      postgresHint: isRefusal ? error.postgresHint : undefined,
    },
    error,
  );
}

async function placeOf(
  step: SqlStep | ModuleStep,
  error: unknown,
): Promise<{ readonly line: number; readonly text?: string } | undefined> {
  if (step.body.kind === "module") return lineInModule(step.file.file, error);
  if (!(error instanceof StatementError)) return undefined;
  return await locateStatement(step.body.script, error.statementsDone, error.position);
}

/** The line of the revision's own file that the error came through. Type stripping keeps lines where they were. */
function lineInModule(file: string, error: unknown): { readonly line: number } | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frame = stack
    .split("\n")
    .find((each) => each.includes(pathToFileURL(file).href) || each.includes(file));
  const line = /:(\d+):\d+\)?$/.exec(frame ?? "")?.[1];
  return line === undefined ? undefined : { line: Number(line) };
}
