import { ConnectError, ConnectionLostError, type Database } from "../database/index.ts";
import { follow, greet, settle, startCourse, type Course } from "./course.ts";
import { assertWritable, readDatabaseState, type DatabaseState } from "./database-state.ts";
import { editedRevisions, upgradeChecksums, type UpgradeChecksums } from "./edited.ts";
import type { MigrateEvent } from "./events.ts";
import { meanwhile } from "./meanwhile.ts";
import type { Migrations } from "./migrations.ts";
import type { MigrateOptions, MigrateResult } from "./options.ts";
import type { Planner } from "./remaining-plan.ts";

/**
 * Brings a database where `plan` leads. When nothing is to be done this costs one round trip and no lock. Otherwise
 * the lock is taken, the versions are read again inside it and the steps planned from those: whoever comes second
 * finds nothing to do. A connection that is lost on the way is taken up again.
 */
export async function runPlan(
  database: Database,
  migrations: Migrations,
  plan: Planner,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const course = startCourse(plan);
  const emit = (event: MigrateEvent): void => {
    follow(course, event);
    options.onEvent?.(event);
  };
  const take = async (): Promise<MigrateResult> =>
    await takeCourse(database, migrations, course, options, emit);
  try {
    return await take().catch(async (error: unknown) => {
      if (!(error instanceof ConnectionLostError || error instanceof ConnectError)) throw error;
      const { takeUp } = await import("./take-up.ts");
      return await takeUp(error, take, { database, migrations, course, options, emit });
    });
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    const { interruptionOf } = await import("./interruption.ts");
    throw await interruptionOf(error, database, options);
  }
}

/** Goes on from where the course is, on one session. */
async function takeCourse(
  database: Database,
  migrations: Migrations,
  course: Course,
  options: MigrateOptions,
  emit: (event: MigrateEvent) => void,
): Promise<MigrateResult> {
  return await database.withSession(async (session) => {
    const [state, checksums] = await Promise.all([
      readDatabaseState(session, options),
      meanwhile(() => upgradeChecksums(migrations)),
    ]);
    greet(course, state);
    // Told once: later the steps are known.
    if (course.from === undefined) emitEdited(state, migrations, checksums, emit);
    const isHalfUndone = [...state.unfinished.values()].includes("downgrade");
    if (course.plan(state.versionRows).length === 0 && !isHalfUndone) {
      settle(course, state.versions);
      const { from = state.versions, finished } = course;
      if (course.from === undefined) emit({ kind: "planned", from, steps: [] });
      return { from, to: state.versions, steps: finished };
    }
    assertWritable(state);
    // Loaded here, because most of the time nothing is to be done.
    const { runLocked } = await import("./run-locked.ts");
    return await runLocked({ database, session, state, migrations, options, emit }, course);
  });
}

function emitEdited(
  state: DatabaseState,
  migrations: Migrations,
  checksums: UpgradeChecksums,
  emit: (event: MigrateEvent) => void,
): void {
  const revisions = editedRevisions(state, migrations, checksums);
  if (revisions.length > 0) emit({ kind: "edited", revisions });
}
