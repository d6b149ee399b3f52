import { WellheadError } from "../wellhead-error.ts";

/** Where in a revision file something is wrong: the path as shown to people, and the line counted from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** The migrations folder is not there. */
export class MigrationsFolderMissingError extends WellheadError {
  readonly folder: string;

  constructor(folder: string) {
    super("E_MIGRATIONS_FOLDER_MISSING", `There is no migrations folder at ${folder}.`, {
      hint: folder.includes("\\")
        ? `write its path with /: ${folder.replaceAll("\\", "/")}`
        : "make one with `wellhead init`, or name another with `--dir FOLDER` or `migrations` in the configuration",
    });
    this.folder = folder;
  }
}

/** What stands at the place of the migrations folder is not one, or may not be read. */
export class MigrationsFolderError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, reason: string, hint: string, cause?: unknown) {
    super("E_MIGRATIONS_FOLDER", `${folder} ${reason}.`, { hint, cause });
    this.folder = folder;
  }
}

/** A file of the migrations folder cannot be read: rights, a folder with a revision's name, a broken link. */
export class RevisionFileUnreadableError extends WellheadError {
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string, hint: string, cause?: unknown) {
    super("E_REVISION_FILE_UNREADABLE", `${path} cannot be read: ${reason}.`, { hint, cause });
    this.path = path;
    this.reason = reason;
  }
}

/** A revision file is not UTF-8. */
export class RevisionEncodingError extends WellheadError {
  readonly path: string;
  readonly encoding: "UTF-16" | "not UTF-8" | "NUL byte";

  constructor(path: string, encoding: RevisionEncodingError["encoding"], line = 1) {
    const what = {
      "UTF-16": `${path} is written in UTF-16.`,
      "not UTF-8": `${path}:${line} holds bytes that are not UTF-8.`,
      "NUL byte": `${path}:${line} holds a NUL byte, which Postgres takes in no statement.`,
    };
    const hint = encoding === "NUL byte" ? "take it away" : "save the file as UTF-8";
    super("E_REVISION_ENCODING", what[encoding], { hint });
    this.path = path;
    this.encoding = encoding;
  }
}

/** A file that is meant to be a revision has no head. */
export class RevisionHeadMissingError extends WellheadError {
  readonly path: string;
  readonly line: number;

  constructor(place: Place, message: string, hint: string) {
    super("E_REVISION_HEAD_MISSING", `${place.path}:${place.line}: ${message}`, { hint });
    this.path = place.path;
    this.line = place.line;
  }
}

/** A line of a revision's head says something that cannot be meant. */
export class RevisionHeadError extends WellheadError {
  readonly path: string;
  readonly line: number;
  /** The text that is wrong, as it stands in the file. */
  readonly value: string;

  constructor(place: Place, value: string, message: string, hint: string) {
    super("E_REVISION_HEAD", `${place.path}:${place.line}: ${message}`, { hint });
    this.path = place.path;
    this.line = place.line;
    this.value = value;
  }
}

/** The sections of a `.sql` revision are not one `-- upgrade` and at most one `-- downgrade`. */
export class RevisionSectionError extends WellheadError {
  readonly path: string;
  readonly line: number;

  constructor(place: Place, message: string, hint: string) {
    super("E_REVISION_SECTION", `${place.path}:${place.line}: ${message}`, { hint });
    this.path = place.path;
    this.line = place.line;
  }
}

/** A new revision cannot be written as it was asked for. */
export class NewRevisionError extends WellheadError {
  constructor(message: string, hint: string, cause?: unknown) {
    super("E_REVISION_NOT_WRITABLE", message, { hint, cause });
  }
}

/** There is a file where the new revision would go. */
export class RevisionFileExistsError extends WellheadError {
  readonly path: string;

  constructor(path: string) {
    super("E_REVISION_FILE_EXISTS", `${path} is there already, and stays as it is.`, {
      hint: "choose another id with `--rev-id`, or another message",
    });
    this.path = path;
  }
}

/** What an interrupted rewrite of revision files has left to be put back cannot be read. */
export class RewriteJournalError extends WellheadError {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super("E_REWRITE_JOURNAL", `${path}, which an interrupted \`rebase\` has left, cannot be read.`, {
      hint: "see with your version control what changed in the migrations folder, put it right, and delete that file",
      cause,
    });
    this.path = path;
  }
}

/** What a script of a revision must not hold, with the stable code of each. */
export const scriptRefusals = {
  transactionControl: "E_REVISION_TRANSACTION_CONTROL",
  copyFromClient: "E_REVISION_COPY",
  metaCommand: "E_REVISION_META_COMMAND",
} as const;

/** A script holds a statement that only a client such as psql can run, or that would end the revision's transaction. */
export class RevisionScriptError extends WellheadError {
  readonly path: string;
  /** Undefined for SQL that a `.ts` revision runs. */
  readonly line: number | undefined;
  /** The statement, as it stands there. */
  readonly statement: string;

  constructor(refusal: keyof typeof scriptRefusals, place: ScriptPlace, message: string, hint: string) {
    const { path, line, statement } = place;
    super(scriptRefusals[refusal], `${line === undefined ? path : `${path}:${line}`}: ${message}`, { hint });
    this.path = path;
    this.line = line;
    this.statement = statement;
  }
}

/** Where a statement stands: the line is unknown for SQL that a `.ts` revision runs. */
export interface ScriptPlace {
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string;
}

/** Postgres' parser cannot read a script. */
export class SqlSyntaxError extends WellheadError {
  /** The character at which it stopped, counted from 1 as Postgres counts it. */
  readonly position: number;
  readonly line: number;
  readonly path: string | undefined;

  constructor(
    reason: string,
    place: { readonly position: number; readonly line: number; readonly path: string | undefined },
    cause: unknown,
  ) {
    const { position, line, path } = place;
    super("E_SQL_SYNTAX", `${path === undefined ? "line " : `${path}:`}${line}: ${reason}`, {
      hint: "correct the statement",
      cause,
    });
    this.position = position;
    this.line = line;
    this.path = path;
  }
}

/** A `.ts` revision cannot be loaded as a module. */
export class RevisionModuleError extends WellheadError {
  readonly path: string;
  readonly line: number | undefined;

  constructor(
    place: { readonly path: string; readonly line: number | undefined },
    message: string,
    hint: string,
    cause?: unknown,
  ) {
    const { path, line } = place;
    super("E_REVISION_MODULE", `${line === undefined ? path : `${path}:${line}`}: ${message}`, {
      hint,
      cause,
    });
    this.path = path;
    this.line = line;
  }
}

/** The configuration of a Python project does not say where its revisions are. */
export class AlembicConfigError extends WellheadError {
  readonly path: string;

  constructor(path: string, message: string, hint: string) {
    super("E_ALEMBIC_CONFIG", message, { hint });
    this.path = path;
  }
}
