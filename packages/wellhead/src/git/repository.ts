import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { nearestName } from "../graph/index.ts";
import { NoRepositoryError, UnknownRefError } from "./errors.ts";
import { askGit, runGit } from "./git.ts";

/** The work tree that a folder lies in. */
export interface Repository {
  /** The top of the work tree; absolute, without links. */
  readonly root: string;
  /** Its history is cut off. */
  readonly isShallow: boolean;
}

/**
 * Finds the work tree of a folder.
 *
 * @throws GitMissingError E_GIT_MISSING; NoRepositoryError E_GIT_NO_REPOSITORY
 */
export function findRepository(folder: string): Repository {
  const { ok, stdout, reason } = askGit(folder, ["rev-parse", "--show-toplevel", "--is-shallow-repository"]);
  const [root = "", isShallow] = stdout.toString("utf8").trimEnd().split("\n");
  if (!ok || root === "") throw new NoRepositoryError(folder, reason);
  return { root: realpathSync(root), isShallow: isShallow === "true" };
}

/** A file or folder from the top of the repository, with `/`, whatever links lead to it; the top itself is empty. */
export function pathInRepository(root: string, path: string): string {
  const real = existsSync(path) ? realpathSync(dirname(path)) : dirname(path);
  return relative(root, join(real, basename(path)))
    .split(sep)
    .join("/");
}

/**
 * The commit that a name stands for.
 *
 * @throws UnknownRefError E_GIT_UNKNOWN_REF
 */
export function commitOf({ root, isShallow }: Repository, ref: string): string {
  const { ok, stdout } = askGit(root, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  if (ok) return stdout.toString("utf8").trim();
  throw new UnknownRefError(ref, isShallow, nearestName(ref, namesIn(root)));
}

/** Where two lines of history left each other; undefined where that is not known, as in a shallow clone. */
export function forkPoint({ root }: Repository, one: string, other: string): string | undefined {
  const { ok, stdout } = askGit(root, ["merge-base", one, other]);
  return ok ? stdout.toString("utf8").trim() : undefined;
}

function namesIn(root: string): string[] {
  return runGit(root, ["for-each-ref", "--format=%(refname:short)"])
    .toString("utf8")
    .split("\n")
    .filter(Boolean);
}
