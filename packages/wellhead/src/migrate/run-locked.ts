import type { Database, Session } from "../database/index.ts";
import { readDatabaseState, type DatabaseState } from "./database-state.ts";
import { watchBlockers, type Blocker } from "./blockers.ts";
import { VersionTooLongError } from "./errors.ts";
import type { MigrateEvent, StepInfo } from "./events.ts";
import { commit } from "./commit.ts";
import { settle, type Course } from "./course.ts";
import { beginLocked, type Locked } from "./lock.ts";
import type { Migrations } from "./migrations.ts";
import type { MigrateOptions, MigrateResult } from "./options.ts";
import { withRetries } from "./retry.ts";
import { SecondSessionError } from "./outside/errors.ts";
import { tagOf, waitForLeftRunning } from "./outside/left-running.ts";
import { readStanding, refuseBegunOutside, refuseUnfinished, type Standing } from "./outside/unfinished.ts";
import { refuseInterrupted } from "./pause.ts";
import { prepareStep, type PreparedStep } from "./prepared-step.ts";
import { remainingPlan } from "./remaining-plan.ts";
import { explainRefusal } from "./rights.ts";
import { runBatch } from "./run-batch.ts";
import { sameSet } from "./same-set.ts";
import { stepInfos } from "./step-infos.ts";
import { transactionSettings } from "./settings.ts";
import { createTables, hasTables, readVersions, type LockedState } from "./tables.ts";

interface Run {
  readonly database: Database;
  readonly session: Session;
  /** As it was read before the lock. */
  readonly state: DatabaseState;
  readonly migrations: Migrations;
  readonly options: MigrateOptions;
  readonly emit: (event: MigrateEvent) => void;
}

/** Transaction after transaction, until nothing of the first plan is left. */
export async function runLocked(run: Run, course: Course): Promise<MigrateResult> {
  const { migrations, options, emit } = run;
  const next: Next = { state: run.state };
  for (;;) {
    refuseInterrupted(options.signal);
    const round = await inLockedTransaction(run, next, async ({ state: locked, areNew }, standing, pid) => {
      const { versions } = standing;
      settle(course, versions);
      const planned = course.plan(versions);
      const steps = stepInfos(planned, migrations);
      if (course.from === undefined) {
        course.from = versions.toSorted();
        course.total = steps.length;
        emit({ kind: "planned", from: course.from, steps });
      }
      refuseLongIds(steps, versions, locked, migrations);
      refuseUnfinished(standing, steps, migrations.graph, locked);
      const prepared = await prepareAll(steps, migrations);
      refuseBegunOutside(standing, prepared);
      refuseWithoutSecondSession(prepared, run.database);
      const batch = nextBatch(prepared, options, areNew);
      if (await isOvertaken(run, batch, versions, locked)) return { left: planned, versions };
      course.round = { planned, versions, done: [] };
      await runBatch(run, batch, versions, {
        state: locked,
        pid,
        index: course.finished.length,
        total: course.total,
      });
      return {
        left: planned.slice(batch.length),
        versions: batch.at(-1)?.info.versionsAfter ?? versions.toSorted(),
      };
    });
    settle(course, round.versions);
    if (round.left.length === 0)
      return { from: course.from ?? [], to: round.versions, steps: course.finished };
    course.plan = remainingPlan(round.left, round.versions, migrations);
  }
}

/** The transaction that comes next: it is asked for together with the COMMIT of the one before. */
interface Next {
  opened?: Promise<Locked<Inside>> | undefined;
  /** What is known of the database, with the tables that were created meanwhile. */
  state: DatabaseState;
}

/** Runs `work` in a transaction that holds the lock, again while it fails with what another try can heal. */
async function inLockedTransaction<T extends { readonly left: readonly unknown[] }>(
  run: Run,
  next: Next,
  work: (locked: LockedState, standing: Standing, pid: number) => Promise<T>,
): Promise<T> {
  const { database, session, options, emit } = run;
  let blockers: readonly Blocker[] = [];
  const attempt = async (): Promise<T> => {
    const opened = next.opened ?? open(run, next.state);
    next.opened = undefined;
    const { pid, answer } = await opened;
    const watch = watchBlockers(database, { pid }, options);
    try {
      const { locked, standing } = await entered(session, next.state, answer);
      const result = await work(locked, standing, pid);
      const committed = commit(session);
      if (result.left.length > 0) next.opened = open(run, locked.state);
      // Whoever takes it up hears why it failed; where COMMIT fails nobody does.
      next.opened?.catch(() => undefined);
      await committed;
      next.state = locked.state;
      return result;
    } catch (error) {
      await next.opened?.catch(() => undefined);
      next.opened = undefined;
      // The first failure is the one to tell; a connection that is gone has rolled back by itself.
      await session.run("ROLLBACK").catch(() => undefined);
      throw await explainRefusal(session, options, "write", error);
    } finally {
      blockers = await watch.stop();
    }
  };
  return await withRetries(options, emit, attempt, () => blockers);
}

/** What is asked together with the lock: where the database stands, or all about it where tables were missing. */
type Inside = { readonly standing: Standing } | { readonly state: DatabaseState };

async function open({ session, options, emit }: Run, state: DatabaseState): Promise<Locked<Inside>> {
  const settings = transactionSettings(options, state);
  return await beginLocked(session, state, { ...options, settings }, emit, async () =>
    hasTables(state)
      ? { standing: await readStanding(session, state) }
      : { state: await readDatabaseState(session, options) },
  );
}

/** Creates what is missing, and tells where the database stands. */
async function entered(
  session: Session,
  seen: DatabaseState,
  inside: Inside,
): Promise<{ readonly locked: LockedState; readonly standing: Standing }> {
  if ("standing" in inside) return { locked: { state: seen, areNew: false }, standing: inside.standing };
  const locked = await createTables(session, inside.state);
  // A ledger that is new holds nothing unfinished.
  const standing = inside.state.hasLedger
    ? await readStanding(session, locked.state)
    : { versions: inside.state.versionRows, unfinished: [] };
  return { locked, standing };
}

/**
 * The steps of the next transaction: all (or one), up to a `transaction: none` revision; or that one alone. It runs on
 * a second session, which sees our tables only when they were committed before.
 */
function nextBatch(
  steps: readonly PreparedStep[],
  options: MigrateOptions,
  areTablesNew: boolean,
): readonly PreparedStep[] {
  const outside = steps.findIndex((step) => step.body.kind === "statements");
  if (outside === 0) return areTablesNew ? [] : steps.slice(0, 1);
  if (options.transaction === "each") return steps.slice(0, 1);
  return outside === -1 ? steps : steps.slice(0, outside);
}

/**
 * Whether a `transaction: none` step that comes next has been ended meanwhile, by the server process of a run that had
 * died: it is waited for, and what it did has to be planned with.
 */
async function isOvertaken(
  { database, session, options, emit }: Run,
  [step]: readonly PreparedStep[],
  versions: readonly string[],
  state: DatabaseState,
): Promise<boolean> {
  if (step?.body.kind !== "statements" || database.isEmbedded) return false;
  await waitForLeftRunning(session, tagOf(state, step.info.revision), options, emit);
  return !sameSet(await readVersions(session, state), versions);
}

async function prepareAll(steps: readonly StepInfo[], { files }: Migrations): Promise<PreparedStep[]> {
  const prepared: PreparedStep[] = [];
  for (const step of steps) {
    const file = files.get(step.revision);
    if (file !== undefined) prepared.push(await prepareStep(step, file));
  }
  return prepared;
}

function refuseWithoutSecondSession(
  steps: readonly PreparedStep[],
  { maxSessions, isEmbedded }: Database,
): void {
  const outside = steps.find((step) => step.body.kind === "statements");
  if (outside !== undefined && maxSessions < 2 && !isEmbedded) throw new SecondSessionError(outside.info);
}

function refuseLongIds(
  steps: readonly StepInfo[],
  versions: readonly string[],
  state: DatabaseState,
  { graph }: Migrations,
): void {
  const written = new Set(steps.flatMap((step) => step.versionsAfter).filter((id) => !versions.includes(id)));
  for (const id of written) {
    if ([...id].length > state.versionLength)
      throw new VersionTooLongError(id, state.versionLength, graph.get(id).path);
  }
}
