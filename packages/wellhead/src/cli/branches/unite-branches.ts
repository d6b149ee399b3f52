import { existsSync, realpathSync } from "node:fs";
import {
  extractModules,
  findRepository,
  pathInRepository,
  readBranch,
  unite,
  type Branch,
  type UnitedRevisions,
} from "../../git/index.ts";
import type { RevisionFile } from "../../revisions/index.ts";
import { OutsideRepositoryError } from "../errors.ts";
import { shownPath, type Workspace } from "../workspace.ts";

/** The project with other branches merged into it, as far as its revisions go. */
export interface UnitedBranches extends UnitedRevisions {
  readonly branches: readonly Branch[];
  /** Removes what was written for Node to load modules of the branches. */
  readonly close: () => void;
}

/**
 * Unites the revisions of the work tree with those of other refs; nothing is checked out.
 *
 * @param base - the revisions of the work tree
 * @throws the errors of reading a repository, E_GIT_…
 */
export function uniteBranches(
  base: readonly RevisionFile[],
  refs: readonly string[],
  { place, folder }: Workspace,
  cwd: string,
): UnitedBranches {
  const repository = findRepository(place.folders.find((each) => existsSync(each)) ?? folder);
  const { root } = repository;
  const folders = place.folders.map((each) => {
    const path = pathInRepository(root, existsSync(each) ? realpathSync(each) : each);
    if (path.startsWith("..")) throw new OutsideRepositoryError(shownPath(cwd, each), root);
    return path;
  });
  const tree = { folders, recursive: place.recursive };
  const modules = extractModules(repository, tree);
  const branches = [...new Set(refs)].map((ref) => readBranch(repository, ref, tree));
  return {
    ...unite(base, branches, { root, folders, moduleFile: modules.fileOf }),
    branches,
    close: modules.remove,
  };
}
