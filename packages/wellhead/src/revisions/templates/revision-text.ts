/** What a template puts into a new revision file. All texts are one line each, checked. */
export interface RevisionText {
  readonly revision: string;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly created: Date;
  /** An IANA time zone for the date that Alembic's template shows. */
  readonly timezone: string;
  readonly transaction: "none" | undefined;
  readonly irreversible: string | undefined;
  readonly proved: string | undefined;
  /** The body of the upgrade, in the language of the file; empty to leave it to the author. */
  readonly upgrade: string;
  readonly downgrade: string;
}
