/** A text of SQL statements, and where it is from. */
export interface SqlScript {
  readonly text: string;
  /** As shown to people. */
  readonly path: string;
}
