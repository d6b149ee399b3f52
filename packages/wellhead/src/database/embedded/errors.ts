import { WellheadError } from "../../wellhead-error.ts";

/** Who has an embedded database open, as its lock file says. */
export interface FolderHolder {
  readonly pid: number;
  readonly host: string;
  /** The program and its subcommand, such as `wellhead upgrade`; never its other arguments, which may hold a password. */
  readonly command: string;
  /** When it was opened, ISO 8601. */
  readonly since: string;
}

/** E_DB_EMBEDDED_IN_USE: another process has the folder open, or this one has; two would destroy each other's writes. */
export class EmbeddedInUseError extends WellheadError {
  readonly folder: string;
  readonly lockFile: string;
  readonly holder: FolderHolder | undefined;

  constructor(
    folder: string,
    lockFile: string,
    holder: FolderHolder | undefined,
    liveness: "alive" | "unknown",
  ) {
    const { message, hint } = describeHolder(folder, lockFile, holder, liveness);
    super("E_DB_EMBEDDED_IN_USE", message, { hint });
    this.folder = folder;
    this.lockFile = lockFile;
    this.holder = holder;
  }
}

function describeHolder(
  folder: string,
  lockFile: string,
  holder: FolderHolder | undefined,
  liveness: "alive" | "unknown",
): { message: string; hint: string } {
  const subject = `The embedded database in ${folder}`;
  if (holder === undefined || liveness === "unknown") {
    const who = holder === undefined ? "" : ` by process ${holder.pid} (${holder.command}) on ${holder.host}`;
    return {
      message: `${subject} may still be open${who}; that cannot be seen from here.`,
      hint: `if it no longer runs, delete ${lockFile} and start again`,
    };
  }
  const isUs = holder.pid === process.pid;
  return {
    message: `${subject} is in use by ${isUs ? "this process" : `process ${holder.pid} (${holder.command})`}, since ${holder.since}.`,
    hint: isUs
      ? "open it once and share the database; close it before it is opened again"
      : `Stop that process first (kill ${holder.pid}), or set DATABASE_URL to a Postgres server, which serves many at once.`,
  };
}

/** E_DB_EMBEDDED_FOLDER: the folder cannot hold an embedded database. */
export class EmbeddedFolderError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, reason: string, hint: string, cause?: unknown) {
    super("E_DB_EMBEDDED_FOLDER", `The embedded database cannot be kept in ${folder}: ${reason}.`, {
      hint,
      cause,
    });
    this.folder = folder;
  }
}

/** E_DB_EMBEDDED_VERSION: the folder was written by another major version of Postgres. */
export class EmbeddedVersionError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, found: string, expected: string) {
    super(
      "E_DB_EMBEDDED_VERSION",
      `The data in ${folder} is of Postgres ${found}, and the embedded Postgres is ${expected}.`,
      {
        hint: "open it with the version of Wellhead that wrote it and copy the rows, or start with another folder",
      },
    );
    this.folder = folder;
  }
}

/** E_DB_EMBEDDED_FAILED: the embedded Postgres did not start. */
export class EmbeddedFailedError extends WellheadError {
  readonly folder: string;

  constructor(folder: string, reason: string) {
    super("E_DB_EMBEDDED_FAILED", `The embedded Postgres did not start on ${folder}: ${reason}`, {
      hint: "if the data may go, delete the folder; else keep a copy of it before anything else is tried",
    });
    this.folder = folder;
  }
}

/** E_DB_STATEMENT_LIMIT: a statement took longer in an embedded Postgres than it may, and was ended together with it. */
export class StatementLimitError extends WellheadError {
  readonly statement: string;
  readonly limitMs: number;

  constructor(statement: string, limitMs: number) {
    const line = statement.trim().replaceAll(/\s+/gu, " ");
    const shown = line.length > 200 ? `${line.slice(0, 199)}…` : line;
    super("E_DB_STATEMENT_LIMIT", `A statement ran longer than ${limitMs / 1000} s and was ended: ${shown}`, {
      hint: "look whether it can ever end; where it only needs more time, or waits for somebody else, a real server is the place for it (--scratch-url)",
    });
    this.statement = statement;
    this.limitMs = limitMs;
  }
}
