import { rehearsePending } from "../../prove/index.ts";
import { projectSeed } from "../prove/proof-options.ts";
import { versionsOf } from "../current-versions.ts";
import type { ProvableMigrations } from "../provable-migrations.ts";
import { revisionsAmong } from "../words.ts";
import type { CheckedRehearsal, LoadedSubject } from "./check-section.ts";
import type { SharedScratch } from "./project-scratch.ts";

interface RehearseSubjectOptions {
  /** What counts as applied; default: what the database has, and nothing where there is none. */
  readonly since: string | undefined;
  readonly measuresStatements: boolean;
  readonly cwd: string;
  readonly provable: () => Promise<ProvableMigrations>;
  readonly scratch: SharedScratch;
}

/** Runs what is pending on tables with rows; undefined where nothing is. */
export async function rehearseSubject(
  { workspace, migrations: loaded }: LoadedSubject,
  { since, measuresStatements, cwd, provable, scratch }: RehearseSubjectOptions,
): Promise<CheckedRehearsal | undefined> {
  if (loaded === undefined) return undefined;
  const versions =
    since === undefined ? await versionsOf(workspace) : revisionsAmong(loaded.graph.resolve(since));
  const { migrations, unseen } = await provable();
  const rehearsal = await rehearsePending({
    migrations,
    versions,
    unseen,
    measuresStatements,
    seed: projectSeed(workspace, cwd),
    scratch,
  });
  return rehearsal === undefined ? undefined : { ...rehearsal, runsAtOnce: versions.length > 0 };
}
