import { WellheadError } from "../../wellhead-error.ts";
import type { RevisionFailure } from "./revision-run.ts";

/** E_SCRATCH_REVISION: a revision that the database has already does not run in a scratch database. */
export class BaseRevisionError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly statement: string | undefined;
  readonly reason: string;

  constructor(failure: RevisionFailure, cause?: unknown) {
    const { revision, path, line, statement, code, message } = failure;
    super(
      "E_SCRATCH_REVISION",
      `${line === undefined ? path : `${path}:${line}`}: revision ${revision} does not run in a scratch database: ${message} (${code})`,
      {
        hint: "the state before the pending revisions cannot be rebuilt; with --scratch-url a real server is used, which has more extensions and roles",
        cause,
      },
    );
    this.revision = revision;
    this.path = path;
    this.line = line;
    this.statement = statement;
    this.reason = message;
  }
}
