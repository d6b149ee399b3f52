import { upgradeChecksum } from "../revisions/index.ts";
import type { DatabaseState } from "./database-state.ts";
import type { EditedRevision } from "./events.ts";
import type { Migrations } from "./migrations.ts";

/** The checksums of upgrades by their revisions. */
export type UpgradeChecksums = ReadonlyMap<string, string>;

/**
 * Applied revisions whose upgrade text is no longer the one that the ledger recorded, in load order. Checksums that
 * are known already need not be worked out again.
 */
export function editedRevisions(
  state: DatabaseState,
  { files }: Migrations,
  known: UpgradeChecksums = new Map(),
): EditedRevision[] {
  const edited: EditedRevision[] = [];
  for (const [revision, file] of files) {
    const recorded = state.checksums.get(revision);
    if (recorded === undefined || file.language === "py") continue;
    const now = known.get(revision) ?? upgradeChecksum(file);
    if (now !== recorded) edited.push({ revision, path: file.path });
  }
  return edited;
}

/** The checksums of all upgrades that Wellhead can run; a file that does not hold together is left out. */
export function upgradeChecksums({ files }: Migrations): UpgradeChecksums {
  const checksums = new Map<string, string>();
  for (const [revision, file] of files) {
    try {
      if (file.language !== "py") checksums.set(revision, upgradeChecksum(file));
    } catch {
      // Whoever needs this revision hears what is wrong with it.
    }
  }
  return checksums;
}
