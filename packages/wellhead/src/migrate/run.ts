import type { Database } from "../database/index.ts";
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
 * finds nothing to do.
 */
export async function runPlan(
  database: Database,
  migrations: Migrations,
  plan: Planner,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const emit = options.onEvent ?? (() => undefined);
  const running = database.withSession(async (session) => {
    const [state, checksums] = await Promise.all([
      readDatabaseState(session, options),
      meanwhile(() => upgradeChecksums(migrations)),
    ]);
    emitEdited(state, migrations, checksums, emit);
    const isHalfUndone = [...state.unfinished.values()].includes("downgrade");
    if (plan(state.versionRows).length === 0 && !isHalfUndone) {
      emit({ kind: "planned", from: state.versions, steps: [] });
      return { from: state.versions, to: state.versions, steps: [] };
    }
    assertWritable(state);
    // Loaded here, because most of the time nothing is to be done.
    const { runLocked } = await import("./run-locked.ts");
    return await runLocked({ database, session, state, migrations, options, emit }, plan);
  });
  try {
    return await running;
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    const { interruptionOf } = await import("./interruption.ts");
    throw await interruptionOf(error, database, options);
  }
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
