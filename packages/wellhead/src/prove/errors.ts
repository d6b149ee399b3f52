import { StatementError } from "../database/index.ts";
import { locateStatement } from "../revisions/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import type { RevisionFailure } from "./run-revision.ts";

/** E_PROOF_BASE: a revision that all heads have does not run on an empty database, so nothing can be proved. */
export class ProofBaseError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string | undefined;
  readonly sqlState: string;
  readonly reason: string;

  constructor(failure: RevisionFailure, cause: unknown) {
    const { revision, path, line, statement, code, message } = failure;
    super(
      "E_PROOF_BASE",
      `${path}${line === undefined ? "" : `:${line}`}: ${revision} does not run on an empty database: ${message} (${code})`,
      { hint: baseHint(code), cause },
    );
    this.revision = revision;
    this.path = path;
    this.line = line;
    this.statement = statement;
    this.sqlState = code;
    this.reason = message;
  }
}

function baseHint(code: string): string {
  switch (code) {
    case "0A000":
      return "what the embedded Postgres cannot do a server may: --scratch-url postgres://…";
    case "42704":
      return "where it needs a role that a server has, create it in a revision, or prove on such a server: --scratch-url postgres://…";
    case "42710":
      return "a role belongs to the whole server: where one may be there already, create it in a DO block that looks first; anything else must be made once";
    default:
      return "the revisions must build the database from nothing; see `wellhead baseline` for one that was there before them";
  }
}

/** E_SEED: the file that the configuration names as `seed` does not run over the common ancestors. */
export class SeedFailedError extends WellheadError {
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string | undefined;

  /** @param error - what the session threw; anything but Postgres' refusal goes through as it is */
  static async of(path: string, text: string, error: unknown): Promise<unknown> {
    if (!(error instanceof StatementError)) return error;
    const place = await locateStatement({ text, line: 1 }, error.statementsDone, error.position);
    return new SeedFailedError(path, place, error);
  }

  constructor(
    path: string,
    place: { readonly line: number; readonly text: string } | undefined,
    cause: StatementError,
  ) {
    const at = place === undefined ? path : `${path}:${place.line}`;
    super("E_SEED", `${at}: the rows of the project cannot be put in: ${cause.reason} (${cause.sqlState})`, {
      hint: "the file runs over the revisions that all heads have: correct it, or take `seed` out of the configuration and have rows made up",
      cause,
    });
    this.path = path;
    this.line = place?.line;
    this.statement = place?.text;
  }
}
