import type { RevisionFile } from "../revisions/index.ts";
import { WellheadError } from "../wellhead-error.ts";

/** E_GIT_MISSING: the command `git` is not there. */
export class GitMissingError extends WellheadError {
  constructor(cause: unknown) {
    super("E_GIT_MISSING", "The command `git` is not there, and other branches are read with it.", {
      hint: "install git, or see that it stands on the PATH",
      cause,
    });
  }
}

/** E_GIT_NO_REPOSITORY: the migrations folder lies in no work tree of git. */
export class NoRepositoryError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, reason: string) {
    super("E_GIT_NO_REPOSITORY", `${folder} does not lie in a work tree of git: ${reason}.`, {
      hint: /dubious ownership|safe\.directory/iu.test(reason)
        ? `git does not trust a folder of another user: \`git config --global --add safe.directory ${folder}\``
        : "call it in a checkout; in a container, see that the folder `.git` is there too",
    });
    this.folder = folder;
  }
}

/** E_GIT_UNKNOWN_REF: nothing in the repository has this name. */
export class UnknownRefError extends WellheadError {
  readonly ref: string;
  readonly isShallow: boolean;

  constructor(ref: string, isShallow: boolean, nearest: string | undefined) {
    const where = isShallow ? "This shallow clone" : "This repository";
    const near = nearest === undefined ? "" : `did you mean ${nearest}? `;
    super("E_GIT_UNKNOWN_REF", `${where} has no branch, tag or commit "${ref}".`, {
      hint: isShallow
        ? `${near}fetch it first: \`git fetch --unshallow origin ${ref}\`; in GitHub Actions check out with \`fetch-depth: 0\``
        : `${near}\`git branch --all\` lists them; one that is not fetched yet: \`git fetch origin ${ref}\``,
    });
    this.ref = ref;
    this.isShallow = isShallow;
  }
}

/** E_GIT_FAILED: git refuses something else. */
export class GitFailedError extends WellheadError {
  readonly command: string;

  constructor(command: string, reason: string) {
    super("E_GIT_FAILED", `\`${command}\` failed: ${reason}.`, {
      hint: "run it by hand to see more",
    });
    this.command = command;
  }
}

/** E_GIT_DIFFERENT_REVISION: two branches, or a branch and the work tree, have the same revision or file with different texts. */
export class DifferentRevisionError extends WellheadError {
  readonly revisions: readonly string[];
  readonly paths: readonly string[];
  readonly refs: readonly string[];

  constructor(
    [here, there]: readonly [
      Pick<RevisionFile, "revision" | "path">,
      Pick<RevisionFile, "revision" | "path">,
    ],
    owner: string | undefined,
    ref: string,
  ) {
    const isSame = here.revision === there.revision;
    super(
      "E_GIT_DIFFERENT_REVISION",
      isSame
        ? `${here.revision} has one text in ${owner ?? "the work tree"} (${here.path}) and another in ${ref} (${there.path}).`
        : `The same file is ${here.revision} in ${owner ?? "the work tree"} and ${there.revision} in ${ref} (${there.path}).`,
      {
        hint: isSame
          ? `what others may have applied is not edited: put the text back on ${ref} and write a new revision; of two different revisions, give one another id`
          : `rename the file on ${ref}`,
      },
    );
    this.revisions = [...new Set([here.revision, there.revision])];
    this.paths = [here.path, there.path];
    this.refs = [...(owner === undefined ? [] : [owner]), ref];
  }
}
