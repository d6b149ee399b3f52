import type { StatementError } from "../database/index.ts";
import { WellheadError } from "../wellhead-error.ts";

/** E_SCRATCH_EXTENSION: a revision creates an extension that the embedded Postgres does not have. */
export class MissingExtensionError extends WellheadError {
  readonly extension: string;
  readonly path: string;
  readonly line: number;

  constructor(extension: string, place: { readonly path: string; readonly line: number }) {
    const { path, line } = place;
    super(
      "E_SCRATCH_EXTENSION",
      `${path}:${line}: the embedded Postgres does not have the extension ${extension}.`,
      {
        hint: "name a Postgres server that has it, in which a database is made for the proof and dropped afterwards: --scratch-url postgres://…",
      },
    );
    this.extension = extension;
    this.path = path;
    this.line = line;
  }
}

/** E_SCRATCH_SERVER: no scratch database can be made on the server. */
export class ScratchServerError extends WellheadError {
  /** The server, as it may be shown. */
  readonly server: string;

  constructor(server: string, cause: StatementError) {
    const mayNot = cause.sqlState === "42501";
    super("E_SCRATCH_SERVER", `No scratch database can be made on ${server}: ${cause.reason}.`, {
      hint: mayNot
        ? "let the role create databases (ALTER ROLE … CREATEDB), or name another role in --scratch-url"
        : "see what the server says, or name another one in --scratch-url",
      cause,
    });
    this.server = server;
  }
}

/** E_SCRATCH_URL: `--scratch-url` names no server. */
export class NoServerUrlError extends WellheadError {
  constructor(display: string) {
    super("E_SCRATCH_URL", `--scratch-url must name a Postgres server, and names ${display}.`, {
      hint: "postgres://user:password@host:port/database, or leave it away: the embedded Postgres needs no address",
    });
  }
}

/** E_INTERRUPTED: the signal that ends a scratch database was aborted while it was at work. */
export class ScratchEndedError extends WellheadError {
  constructor(cause: unknown) {
    super(
      "E_INTERRUPTED",
      "Interrupted: the scratch database is thrown away, and nothing else was touched.",
      {
        hint: "run again: it begins anew",
        cause,
      },
    );
  }
}
