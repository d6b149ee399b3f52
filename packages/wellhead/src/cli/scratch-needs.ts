import type { Migrations } from "../migrate/index.ts";
import { revisionText } from "../revisions/index.ts";
import { neededExtensions, neededRoles, type ScratchOptions } from "../scratch/index.ts";

/** What a scratch database must be able to give to the revisions of a project, and to more SQL. */
export async function scratchNeeds(
  files: Migrations["files"],
  scripts: readonly { readonly text: string; readonly path: string }[] = [],
): Promise<Required<Pick<ScratchOptions, "extensions" | "roles">>> {
  const revisions = [...files.values()].map((file) => ({ text: revisionText(file), path: file.path }));
  return {
    extensions: await neededExtensions([...revisions, ...scripts].map((each) => ({ ...each, line: 1 }))),
    roles: await neededRoles(revisions.map(({ text }) => text)),
  };
}
