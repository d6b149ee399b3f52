import type { RebasePlan } from "../../graph/index.ts";
import { migrationTarget, readApplied, type Migrations } from "../../migrate/index.ts";
import { AppliedRevisionError } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import { mergeInstead } from "./merge-instead.ts";

/**
 * Asks every database that is known whether it has one of the revisions that move.
 *
 * @returns the databases that were asked, as they are shown; none of them has any
 * @throws AppliedRevisionError E_REVISION_APPLIED; and what keeps a database from being asked
 */
export async function refuseApplied(plan: RebasePlan, workspace: Workspace): Promise<readonly string[]> {
  const migrations: Migrations = workspace.migrations();
  const asked = new Set<string>();
  for (const database of workspace.databases()) {
    const { display } = migrationTarget(database);
    if (asked.has(display)) continue;
    asked.add(display);
    const applied = await readApplied({ ...database, ...workspace.versionTable, migrations });
    const found = plan.moved.filter((revision) => applied.has(revision));
    if (found.length > 0)
      throw new AppliedRevisionError(found, display, mergeInstead(migrations.graph, plan));
  }
  return [...asked];
}
