// Said on standard error to whoever may not know yet where they are.

import type { CommandContext } from "./command.ts";
import { shownPath, type Workspace } from "./workspace.ts";

/** An empty folder answers nothing, and is often not the one that was meant. */
export function noteNoRevisions({ output, cwd }: CommandContext, { place, migrations }: Workspace): void {
  if (output.format !== "text" || migrations().files.size > 0) return;
  const folders = place.folders.map((folder) => shownPath(cwd, folder) || ".").join(" and ");
  output.note(`no revisions in ${folders} yet; \`wellhead revision -m "what it does"\` writes the first`);
}

/** Nobody named a database: say which one is changed. */
export function noteDefaultDatabase({ output, env }: CommandContext, place: Workspace): void {
  const isNamed = place.databaseOptions.url !== undefined || (env["DATABASE_URL"] ?? "").trim() !== "";
  if (output.format !== "text" || isNamed) return;
  output.note(`DATABASE_URL is not set: this is the embedded Postgres, ${place.target().display}`);
}
