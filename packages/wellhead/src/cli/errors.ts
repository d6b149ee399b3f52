import { WellheadError } from "../wellhead-error.ts";

/** The command line is not one of ours. Exit status 2. */
export class UsageError extends WellheadError {
  constructor(message: string, hint: string) {
    super("E_USAGE", message, { hint });
  }
}

/** Where a folder is wanted there is a file. */
export class NotAFolderError extends WellheadError {
  readonly path: string;

  constructor(path: string) {
    super("E_NOT_A_FOLDER", `${path} is a file, and a folder is wanted there.`, {
      hint: "name another folder, or move the file away",
    });
    this.path = path;
  }
}

/** A range where there can be none, or none where one is wanted. */
export class TargetRangeError extends WellheadError {
  readonly target: string;

  constructor(target: string) {
    super(
      "E_INVALID_TARGET",
      `${target} cannot be used here: a range A:B goes with --sql, and downgrade --sql needs one.`,
      {
        hint: "give one revision without --sql, or A:B with --sql, where A is the one revision the database stands at",
      },
    );
    this.target = target;
  }
}

/** `--rev-id` names an id that a file has already. */
export class RevisionExistsError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor(revision: string, path: string) {
    super("E_DUPLICATE_REVISION", `There is a revision ${revision} already: ${path}.`, {
      hint: "choose another id, or leave --rev-id out to get one",
    });
    this.revision = revision;
    this.path = path;
  }
}

/** `merge` without revisions, where there are not several heads. */
export class NothingToMergeError extends WellheadError {
  readonly heads: readonly string[];

  constructor(heads: readonly string[]) {
    super(
      "E_NOTHING_TO_MERGE",
      heads.length === 0 ? "There is no head to merge." : `There is one head only: ${heads.join(", ")}.`,
      {
        hint: "nothing has to be done; to join other revisions, name them (with --splice where they are not heads)",
      },
    );
    this.heads = heads;
  }
}

/** `bundle` would write over a file that it has not written. */
export class NotABundleError extends WellheadError {
  readonly path: string;

  constructor(path: string) {
    super("E_NOT_A_BUNDLE", `${path} is there already, and it was not written by \`wellhead bundle\`.`, {
      hint: "name another file with --out, or move this one away",
    });
    this.path = path;
  }
}
