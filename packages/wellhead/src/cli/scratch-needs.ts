import type { Migrations } from "../migrate/index.ts";
import { revisionText } from "../revisions/index.ts";
import { neededExtensions, rolesOf, type ScratchOptions } from "../scratch/index.ts";

/** What a scratch database must be able to give to the revisions of a project, and to more SQL. */
export async function scratchNeeds(
  files: Migrations["files"],
  scripts: readonly { readonly text: string; readonly path: string }[] = [],
): Promise<Required<Pick<ScratchOptions, "extensions" | "roles" | "createdRoles">>> {
  const revisions = [...files.values()].map((file) => ({ text: revisionText(file), path: file.path }));
  const roles = await rolesOf(revisions.map(({ text }) => text));
  return {
    extensions: await neededExtensions([...revisions, ...scripts].map((each) => ({ ...each, line: 1 }))),
    roles: roles.needed,
    createdRoles: roles.created,
  };
}
