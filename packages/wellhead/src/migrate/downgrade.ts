import type { MigrateOptions, MigrateResult } from "./options.ts";
import { runPlan } from "./run.ts";
import { withMigrations } from "./with-database.ts";

/** What to take back, on which database. */
export interface DowngradeOptions extends MigrateOptions {
  /** What to bring the database down to: `base`, an id, `-1`, `label@base`, … */
  readonly target: string;
}

/**
 * Downgrades a database to the target, newest revision first. Every revision on the way must have a downgrade;
 * otherwise nothing runs.
 *
 * @throws {NoDowngradeError} `E_NO_DOWNGRADE` or `E_IRREVERSIBLE`
 * @throws {MigrationFailedError} `E_MIGRATION_FAILED`
 */
export async function downgrade(options: DowngradeOptions): Promise<MigrateResult> {
  const to = options.target;
  return await withMigrations(options, async (database, migrations) => {
    return await runPlan(
      database,
      migrations,
      (from) => migrations.graph.planDowngrade({ from, to }),
      options,
    );
  });
}
