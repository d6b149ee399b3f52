import type { SqlScript } from "./sql-script.ts";

/** Models as SQL that makes what they declare in an empty database. */
export interface Models {
  /** As shown to people: a path, or the command. */
  readonly name: string;
  readonly scripts: readonly SqlScript[];
  readonly reach: ModelsReach;
}

/** How far models are responsible. */
export interface ModelsReach {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly declares: "tables" | "everything";
  /** Kinds that a source which declares tables can say as well, whether it says any or not. */
  readonly kinds: readonly string[];
}
