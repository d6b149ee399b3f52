import type { Edges, Index } from "./edges.ts";
import type { RevisionId } from "./revision.ts";

/** A revision as declared, with every list filled in. */
export interface Declaration {
  readonly revision: RevisionId;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly path: string | undefined;
}

/** The revisions and all that links them. Every list of children is in load order, so that nothing depends on hashing. */
export interface Links {
  readonly size: number;
  readonly declarations: readonly Declaration[];
  readonly indexOfId: ReadonlyMap<string, Index>;
  /** The revision that declares a label. */
  readonly indexOfLabel: ReadonlyMap<string, Index>;
  /** What a revision revises, as written: in order, repetitions kept. */
  readonly down: Edges;
  readonly dependencies: Edges;
  /** `down`, then dependencies; each once. */
  readonly allDown: Edges;
  /**
   * `down`, then in load order those dependencies that no ancestor has already; each once. (Alembic's order of these
   * depends on hashing.)
   */
  readonly normalizedDown: Edges;
  readonly next: Edges;
  readonly allNext: Edges;
  /** All revisions, each after those that it revises or depends on. */
  readonly bottomUp: readonly Index[];
  /** How many steps each stands above the farthest base. */
  readonly height: Int32Array;
}

/** The id at an index. */
export function idAt(links: Links, index: Index): RevisionId {
  return declarationAt(links, index).revision;
}

/** The ids at indexes, in their order. */
export function idsAt(links: Links, indexes: Iterable<Index>): RevisionId[] {
  return Array.from(indexes, (index) => idAt(links, index));
}

export function declarationAt(links: Links, index: Index): Declaration {
  const declaration = links.declarations[index];
  if (declaration === undefined) throw new RangeError(`no revision at ${index}`);
  return declaration;
}
