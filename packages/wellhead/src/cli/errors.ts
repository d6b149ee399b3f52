import type { GroupProof, PairProof, RevisionFailure } from "../prove/index.ts";
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

/** A file or folder that a command makes cannot be made. */
export class NotWritableError extends WellheadError {
  readonly path: string;
  /** Of the operating system, such as `EACCES`. */
  readonly reason: string;

  constructor(path: string, reason: string, cause: unknown) {
    super("E_NOT_WRITABLE", `${path} cannot be written (${reason}).`, {
      hint: "see that the folder it goes into is there and can be written to, and that the disk has room",
      cause,
    });
    this.path = path;
    this.reason = reason;
  }
}

/** A range where there can be none, or none where one is wanted. */
export class TargetRangeError extends WellheadError {
  readonly target: string;

  constructor(target: string, problem: keyof typeof rangeProblems) {
    const { message, hint } = rangeProblems[problem];
    super("E_INVALID_TARGET", `"${target}" ${message}.`, { hint });
    this.target = target;
  }
}

const rangeProblems = {
  "range-in-a-run": {
    message: "is a range, and a run begins where the database stands",
    hint: "name the end of the range alone, or print its SQL with --sql",
  },
  "no-range": {
    message: "is no range: printed SQL asks no database where it stands",
    hint: "say A:B, from the revision where the database stands down to the target: `downgrade A:B --sql`",
  },
  "several-starts": {
    message: "begins at several revisions, and printed SQL begins at one",
    hint: "begin at one revision, or run it against the database (--plan shows what would run)",
  },
} as const;

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

/** `merge` with fewer than two revisions: there are not several heads, or one alone was named. */
export class NothingToMergeError extends WellheadError {
  /** The revisions that it came to. */
  readonly heads: readonly string[];

  constructor(heads: readonly string[], origin: "heads" | "named") {
    const [only] = heads;
    const one =
      origin === "heads" ? `There is one head only: ${only}.` : `One revision only is named: ${only}.`;
    super("E_NOTHING_TO_MERGE", only === undefined ? "There is no head to merge." : one, {
      hint:
        origin === "heads"
          ? "nothing has to be done; to join other revisions, name them (with --splice where they are not heads)"
          : "name the others too, or name none to join all heads",
    });
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

/** A revision whose parent is to change is applied somewhere: the order in which it ran is a fact already. */
export class AppliedRevisionError extends WellheadError {
  readonly revisions: readonly string[];
  /** As it is shown, without its password. */
  readonly database: string;

  constructor(revisions: readonly string[], database: string, merge: string | undefined) {
    const are = revisions.length > 1 ? "are" : "is";
    super(
      "E_REVISION_APPLIED",
      `${revisions.join(", ")} ${are} applied in ${database}: what ran there cannot get another parent any more.`,
      {
        hint:
          merge === undefined
            ? "leave it where it is, and write a new revision for what is missing"
            : `join the lines instead: \`${merge}\``,
      },
    );
    this.revisions = revisions;
    this.database = database;
  }
}

/** `add` would change files that are there, and nobody has agreed to it. */
export class WouldOverwriteError extends WellheadError {
  /** The files as shown to people, each with how it stands to what would be copied. */
  readonly files: readonly { readonly path: string; readonly status: string }[];

  constructor(files: WouldOverwriteError["files"], hint: string) {
    const listed = files.map(({ path, status }) => `\n  ${path} (${status.replaceAll("-", " ")})`).join("");
    super("E_WOULD_OVERWRITE", `${files.length === 1 ? "A file" : "Files"} would be changed:${listed}`, {
      hint,
    });
    this.files = files;
  }
}

/** The record of what `add` has copied is not one. */
export class CopyRecordError extends WellheadError {
  readonly path: string;

  constructor(path: string) {
    super("E_COPY_RECORD", `${path} is no record of what was copied.`, {
      hint: "take it back from version control, or delete it: every file that differs then counts as yours",
    });
    this.path = path;
  }
}

/** Migrations folders lie in different repositories, so no branch has them all. */
export class OutsideRepositoryError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, root: string) {
    super(
      "E_GIT_OUTSIDE",
      `${folder} does not lie in the repository at ${root}, as the other migrations folders do.`,
      {
        hint: "--git reads the branches of one repository: name the folders of one with --dir or another configuration",
      },
    );
    this.folder = folder;
  }
}

/** The file of rows that the configuration names cannot be read. */
export class SeedMissingError extends WellheadError {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super("E_SEED_MISSING", `The file of rows ${path} cannot be read.`, {
      hint: "it is the field `seed` of the configuration: correct it, or take it away and have rows made up",
      cause,
    });
    this.path = path;
  }
}

/** A baseline is a first revision, and there is something before it. */
export class NoBaselineError extends WellheadError {
  constructor(message: string, hint: string) {
    super("E_NO_BASELINE", message, { hint });
  }
}

/** Revisions do not run in the order that a rebase would give them. Nothing is written. */
export class RebaseFailsError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string | undefined;
  readonly sqlState: string;
  readonly reason: string;

  constructor(failure: RevisionFailure, merge: string | undefined) {
    const { revision, path, line, statement, code, message } = failure;
    const at = line === undefined ? path : `${path}:${line}`;
    super("E_REBASE_FAILS", `In the new order ${revision} does not run: ${at}: ${message} (${code})`, {
      hint: `every file is as it was; correct the statement${merge === undefined ? "" : `, or join the lines instead: \`${merge}\``}; --unproved moves it all the same`,
    });
    this.revision = revision;
    this.path = path;
    this.line = line;
    this.statement = statement;
    this.sqlState = code;
    this.reason = message;
  }
}

/** Heads that were to be joined do not commute: it matters in which order they run. */
export class HeadsDoNotCommuteError extends WellheadError {
  readonly pairs: readonly PairProof[];
  readonly groups: readonly GroupProof[];

  /** @param lines - what does not hold, for people */
  constructor(
    pairs: readonly PairProof[],
    groups: readonly GroupProof[],
    lines: readonly string[],
    remedy: string,
  ) {
    const isConflict = [...pairs, ...groups].some(({ verdict }) => verdict === "conflict");
    super(
      isConflict ? "E_HEADS_CONFLICT" : "E_HEADS_ORDER_DEPENDENT",
      `The heads do not commute, and nothing was written.\n${lines.join("\n")}`,
      { hint: `${remedy}; to join them all the same: --unproved` },
    );
    this.pairs = pairs;
    this.groups = groups;
  }
}
