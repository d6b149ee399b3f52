import { commitOf, forkPoint, type Repository } from "./repository.ts";
import { listTree, readBlobs, type TreeFile, type TreePlace } from "./read-tree.ts";

/** What a branch has done to the migrations since it left the work tree's commit. */
export interface Branch {
  /** As it was named. */
  readonly ref: string;
  readonly commit: string;
  /** Files that it added or changed, in its order. */
  readonly changed: readonly BranchFile[];
  /** Files that it took away, by what they held. */
  readonly deleted: readonly BranchFile[];
}

export interface BranchFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Reads a branch without checking it out. Where its beginning is not known (a shallow clone, a history of its own) all
 * its files count as added.
 *
 * @throws UnknownRefError E_GIT_UNKNOWN_REF; GitFailedError E_GIT_FAILED
 */
export function readBranch(repository: Repository, ref: string, place: TreePlace): Branch {
  const commit = commitOf(repository, ref);
  const fork = forkPoint(repository, "HEAD", commit);
  const now = listTree(repository, commit, place);
  const then = fork === undefined ? [] : listTree(repository, fork, place);
  const blobThen = new Map(then.map(({ path, blob }) => [path, blob]));
  const pathsNow = new Set(now.map(({ path }) => path));
  const changed = now.filter(({ path, blob }) => blobThen.get(path) !== blob);
  const deleted = then.filter(({ path }) => !pathsNow.has(path));
  const contents = readBlobs(
    repository,
    [...changed, ...deleted].map(({ blob }) => blob),
  );
  const withContent = ({ path, blob }: TreeFile): BranchFile[] => {
    const content = contents.get(blob);
    return content === undefined ? [] : [{ path, content }];
  };
  return { ref, commit, changed: changed.flatMap(withContent), deleted: deleted.flatMap(withContent) };
}
