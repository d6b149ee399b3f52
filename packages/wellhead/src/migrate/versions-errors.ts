import { WellheadError } from "../wellhead-error.ts";
import { ofItsStatements } from "./statements-done.ts";

/** What can be said of an applied revision only was asked of one that the database does not have. */
export class RevisionNotAppliedError extends WellheadError {
  readonly revisions: readonly string[];
  readonly versions: readonly string[];

  constructor(revisions: readonly string[], versions: readonly string[]) {
    super(
      "E_REVISION_NOT_APPLIED",
      `The database does not have ${revisions.join(", ")}: it stands at ${versions.join(", ") || "no version"}.`,
      { hint: "an edit of what was never applied needs no word; `wellhead upgrade` runs the file as it is" },
    );
    this.revisions = revisions;
    this.versions = versions;
  }
}

/** The database does not stand at all heads. */
export class NotAtHeadsError extends WellheadError {
  readonly versions: readonly string[];
  readonly missing: readonly string[];

  /** Those of the missing that are applied and have no row, because an applied revision depends on them. */
  readonly covered: readonly string[];

  constructor(versions: readonly string[], missing: readonly string[], covered: readonly string[]) {
    const stands = versions.length === 0 ? "no version" : versions.join(", ");
    const why =
      covered.length === 0
        ? ""
        : ` (${covered.join(", ")}: applied, but an applied revision depends on it, so it has no row)`;
    const message = `The database is not at all heads: it stands at ${stands}; missing ${missing.join(", ")}${why}.`;
    const hint =
      covered.length === missing.length
        ? "everything is applied; with --resolve-dependencies such heads need no row"
        : "run `wellhead upgrade heads`, or wait for whoever does: `wellhead current --check-heads --wait 60`";
    super("E_NOT_AT_HEADS", message, { hint });
    this.versions = versions;
    this.missing = missing;
    this.covered = covered;
  }
}

/** The signal of a run was aborted: what was not finished is rolled back. */
export class InterruptedError extends WellheadError {
  /** The versions the database stands at; undefined when it could not be asked, or nothing had begun. */
  readonly versions: readonly string[] | undefined;
  /** `transaction: none` revisions that keep what is done. */
  readonly unfinished: readonly { readonly revision: string; readonly statementsDone: number }[];

  constructor(place: Partial<Pick<InterruptedError, "versions" | "unfinished">> = {}) {
    const { versions, unfinished = [] } = place;
    const stands =
      versions === undefined
        ? "what was not committed is rolled back"
        : `what was not committed is rolled back, and the database stands at ${versions.join(", ") || "no version"}`;
    const kept = unfinished.map(
      ({ revision, statementsDone }) =>
        ` ${revision} runs outside a transaction: ${ofItsStatements(statementsDone)} and ${statementsDone === 1 ? "stays" : "stay"}.`,
    );
    super("E_INTERRUPTED", `Interrupted: ${stands}.${kept.join("")}`, {
      hint:
        unfinished.length > 0
          ? "run again: it goes on behind the last statement that is done"
          : "run again: it goes on from there",
    });
    this.versions = versions;
    this.unfinished = unfinished;
  }
}
