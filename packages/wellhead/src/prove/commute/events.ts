/** What a proof tells while it goes on. The set is closed: switch over `kind`. */
export type ProveEvent =
  /** The common ancestors are run, or rows are made up for what they left. */
  | { readonly kind: "base"; readonly revisions: number }
  | {
      readonly kind: "pair";
      readonly heads: readonly [string, string];
      readonly index: number;
      readonly total: number;
    }
  | { readonly kind: "group"; readonly heads: readonly string[] };
