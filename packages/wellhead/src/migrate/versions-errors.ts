import { WellheadError } from "../wellhead-error.ts";

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
