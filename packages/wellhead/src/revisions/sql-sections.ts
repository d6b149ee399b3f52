/** A piece of SQL from a revision file. */
export interface SqlScript {
  readonly text: string;
  /** The line of the file on which `text` begins, counted from 1. */
  readonly line: number;
  /** The file does not hold this text: all of it comes from `line`, where a Python function begins. */
  readonly isWrittenElsewhere?: boolean;
}

export interface SqlSections {
  readonly upgrade: SqlScript;
  readonly downgrade: SqlScript | undefined;
}
