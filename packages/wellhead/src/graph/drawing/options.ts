/** What a drawing marks beside the graph itself. */
export interface DrawingOptions {
  /** The versions a database stands at, to be marked as current. Default: none. */
  readonly current?: readonly string[];
}
