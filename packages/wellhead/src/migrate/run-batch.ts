import type { Database, Session } from "../database/index.ts";
import type { DatabaseState } from "./database-state.ts";
import { mentionsDeferral } from "./defer-again.ts";
import { VersionsChangedError } from "./errors.ts";
import type { MigrateEvent } from "./events.ts";
import { cancelling, cancelProcess, cancelTagged } from "./interruption.ts";
import type { MigrateOptions } from "./options.ts";
import { tagOf } from "./outside/left-running.ts";
import { outsideTransaction } from "./outside/outside-transaction.ts";
import { runOutside } from "./outside/run-outside.ts";
import { refuseInterrupted } from "./pause.ts";
import type { PreparedStep } from "./prepared-step.ts";
import { sameSet } from "./same-set.ts";
import { transactionSettings } from "./settings.ts";
import {
  runModuleStep,
  runSqlSteps,
  type ModuleStep,
  type SqlStep,
  type StepListener,
  type StepPlace,
} from "./step.ts";
import { readVersions } from "./tables.ts";

/** What a batch runs on, and for whom. */
export interface BatchRun {
  readonly database: Database;
  /** Its transaction is open and holds the lock. */
  readonly session: Session;
  readonly options: MigrateOptions;
  readonly emit: (event: MigrateEvent) => void;
}

export interface BatchPlace {
  readonly state: DatabaseState;
  /** The server process that holds the lock, and runs what is in its transaction. */
  readonly pid: number;
  /** How many steps were finished before this batch, and how many there are in all. */
  readonly index: number;
  readonly total: number;
}

/** Runs the steps of one transaction, tells of each, and sees that the version table then holds what it should. */
export async function runBatch(
  run: BatchRun,
  batch: readonly PreparedStep[],
  versionsAtStart: readonly string[],
  { state, pid, index, total }: BatchPlace,
): Promise<void> {
  const { session, options, emit } = run;
  const { applicationName = "wellhead", signal } = options;
  const settings = transactionSettings(options, state);
  const mayDefer = state.defers || batch.some(mayDeferIn);
  const place = { state, applicationName, settings, versionsAtStart, mayDefer, signal, pid };
  let done = index;
  const listener: StepListener = {
    onStart: ({ info: step }) => {
      refuseInterrupted(signal);
      emit({ kind: "step-started", step, index: done, total });
    },
    onEnd: ({ info: step }, durationMs) => {
      emit({ kind: "step-finished", step, index: done, total, durationMs });
      done += 1;
    },
  };
  let versions = versionsAtStart;
  let found: readonly string[] | undefined;
  for (const stretch of stretchesOf(batch)) {
    found = await runStretch(run, stretch, versions, place, listener);
    versions = stretch.at(-1)?.info.versionsAfter ?? versions;
  }
  found ??= await readVersions(session, state);
  if (!sameSet(found, versions)) throw new VersionsChangedError(versions, found);
}

/** `.sql` steps that follow each other, which can travel together, or one step of another kind. */
function stretchesOf(batch: readonly PreparedStep[]): readonly (readonly PreparedStep[])[] {
  const stretches: PreparedStep[][] = [];
  for (const step of batch) {
    const last = stretches.at(-1);
    if (last !== undefined && isSql(step) && last.every(isSql)) last.push(step);
    else stretches.push([step]);
  }
  return stretches;
}

/** Runs a stretch so that it can be interrupted; gives the rows of the version table after it where they were read. */
async function runStretch(
  run: BatchRun,
  stretch: readonly PreparedStep[],
  versions: readonly string[],
  place: StepPlace & { readonly pid: number },
  listener: StepListener,
): Promise<readonly string[] | undefined> {
  const { database, session, options } = run;
  const inside = async <T>(work: () => Promise<T>): Promise<T> =>
    await cancelling(options.signal, async () => await cancelProcess(database, place.pid), work);
  if (stretch.every(isSql)) {
    return await inside(async () => await runSqlSteps(session, stretch, versions, place, listener));
  }
  for (const step of stretch) {
    if (isModule(step))
      await inside(async () => await runModuleStep(session, step, versions, place, listener));
    else await runBeside(run, step, versions, place, listener);
  }
  return undefined;
}

/** Runs a `transaction: none` step beside the transaction that holds the lock. */
async function runBeside(
  { database, session, options, emit }: BatchRun,
  step: PreparedStep,
  versionsBefore: readonly string[],
  place: StepPlace,
  { onStart, onEnd }: StepListener,
): Promise<void> {
  if (step.body.kind !== "statements") return;
  const { statements } = step.body;
  onStart(step);
  const tag = tagOf(place.state, step.info.revision);
  const cancel = async (): Promise<void> => await cancelTagged(session, tag);
  const run = { database, step, statements, versionsBefore, place, options, emit };
  const durationMs = await outsideTransaction(database, session, async (other) =>
    cancelling(options.signal, cancel, async () => runOutside({ ...run, session: other })),
  );
  onEnd(step, durationMs);
}

/** What a `.ts` revision runs is not known before. */
function mayDeferIn({ body }: PreparedStep): boolean {
  return body.kind === "module" || (body.kind === "sql" && mentionsDeferral(body.script.text));
}

function isSql(step: PreparedStep): step is SqlStep {
  return step.body.kind === "sql";
}

function isModule(step: PreparedStep): step is ModuleStep {
  return step.body.kind === "module";
}
