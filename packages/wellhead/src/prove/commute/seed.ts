/** The project's own rows: SQL that is run over the common ancestors. */
export interface Seed {
  /** As shown to people. */
  readonly path: string;
  readonly text: string;
}
