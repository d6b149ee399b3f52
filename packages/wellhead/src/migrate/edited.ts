import { upgradeChecksum } from "../revisions/index.ts";
import type { DatabaseState } from "./database-state.ts";
import type { EditedRevision } from "./events.ts";
import type { Migrations } from "./migrations.ts";

/** Applied revisions whose upgrade text is no longer the one that the ledger recorded, in load order. */
export function editedRevisions(state: DatabaseState, { files }: Migrations): EditedRevision[] {
  const edited: EditedRevision[] = [];
  for (const [revision, file] of files) {
    const recorded = state.checksums.get(revision);
    if (recorded !== undefined && file.language !== "py" && upgradeChecksum(file) !== recorded) {
      edited.push({ revision, path: file.path });
    }
  }
  return edited;
}
