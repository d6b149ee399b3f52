import type { MigrateOptions, MigrateResult } from "./options.ts";
import { runPlan } from "./run.ts";
import { withMigrations } from "./with-database.ts";

/** Where to bring which database, and how. */
export interface UpgradeOptions extends MigrateOptions {
  /** What to bring the database to: `heads` (default), `head`, an id or its unique prefix, `label@head`, `+1`, … */
  readonly target?: string;
}

/**
 * Upgrades a database to the target: reads the revisions, takes the lock, runs what is missing, records each step.
 * Called by many processes at once, one runs and the others then find nothing to do. An app calls it at boot.
 *
 * @throws {MigrationFailedError} `E_MIGRATION_FAILED` when a revision fails; its transaction is rolled back.
 * @throws {LockTimeoutError} `E_LOCK_TIMEOUT` when another process is at work for too long.
 * @throws {WellheadError} for a target that does not resolve, a malformed file, a database that does not answer.
 *
 * @example
 * await upgrade({ migrations: "migrations", target: "heads" });
 *
 * @see {@link https://alembic.sqlalchemy.org/en/latest/tutorial.html | Alembic's tutorial} for the targets
 */
export async function upgrade(options: UpgradeOptions): Promise<MigrateResult> {
  const to = options.target ?? "heads";
  return await withMigrations(options, async (database, migrations) => {
    return await runPlan(database, migrations, (from) => migrations.graph.planUpgrade({ from, to }), options);
  });
}
