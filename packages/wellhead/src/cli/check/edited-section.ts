import { editedRevisions, readDatabaseState, type EditedRevision } from "../../migrate/index.ts";
import type { CheckSection, Finding } from "./check-section.ts";

/** No applied revision was edited since: the database has the text that the files have. */
export const editedSection: CheckSection = {
  name: "edited",
  failed: "the database cannot be asked",
  run: async ({ workspace, migrations }) => {
    if (migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    if (!workspace.hasDatabase())
      return { kind: "skipped", reason: "no database: give --url, or set DATABASE_URL" };
    const state = await workspace.withDatabase(async (database) =>
      database.withSession(async (session) => readDatabaseState(session, workspace.versionTable)),
    );
    const edited = editedRevisions(state, migrations);
    const { display } = workspace.target();
    const summary = state.hasLedger ? `against ${display}` : `${display} has no ledger to compare with`;
    return { kind: "looked", findings: edited.map(finding), summary };
  },
};

function finding({ revision, path }: EditedRevision): Finding {
  return {
    code: "E_REVISION_EDITED",
    message: `${revision} was edited after it was applied.`,
    hint: `put the text back and write a new revision; when the database has the change already: \`wellhead ledger accept ${revision}\``,
    path,
  };
}
