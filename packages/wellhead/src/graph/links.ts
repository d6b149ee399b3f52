import {
  DuplicateLabelError,
  DuplicateRevisionError,
  MissingDependencyError,
  MissingParentError,
} from "./errors.ts";
import { nearestName } from "./nearest.ts";
import { normalizeDependencies } from "./normalized-dependencies.ts";
import { bottomUp } from "./bottom-up.ts";
import { cycleError, refuseSelfLoops } from "./cycles.ts";
import { checkRevisionId, type RevisionId, type RevisionInput } from "./revision.ts";

/** A revision as declared, with every list filled in. */
export interface Declaration {
  readonly revision: RevisionId;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly path: string | undefined;
}

/** The place of a revision in the load order. All of this room counts in indexes; ids appear only at its edge. */
export type Index = number;

/** For each revision, others. */
export type Edges = readonly (readonly Index[])[];

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

/**
 * Links revisions that are given in load order.
 *
 * @throws E_INVALID_REVISION_ID, E_DUPLICATE_REVISION, E_DUPLICATE_LABEL, E_MISSING_PARENT, E_MISSING_DEPENDENCY,
 * E_SELF_LOOP, E_DEPENDENCY_SELF_LOOP, E_CYCLE, E_DEPENDENCY_CYCLE
 */
export function link(inputs: readonly RevisionInput[]): Links {
  const declarations = inputs.map(fillIn);
  const indexOfId = indexIds(declarations);
  const indexOfLabel = indexLabels(declarations, indexOfId);
  refuseSelfLoops(declarations);
  const down = declarations.map((child) => parentsOf(child, indexOfId));
  const dependencies = declarations.map((child) => dependenciesOf(child, indexOfId, indexOfLabel));
  const allDown = down.map((parents, index) => unique([...parents, ...(dependencies[index] ?? [])]));
  const next = reversed(down);
  const allNext = reversed(allDown);
  const { order, height } = bottomUp(allDown, allNext);
  if (order.length < declarations.length) throw cycleError(declarations, down, allDown);
  const normalized = normalizeDependencies(dependencies, next, height);
  return {
    size: declarations.length,
    declarations,
    indexOfId,
    indexOfLabel,
    down,
    dependencies,
    allDown,
    normalizedDown: down.map((parents, index) =>
      unique([...parents, ...(normalized[index] ?? []).toSorted(ascending)]),
    ),
    next,
    allNext,
    bottomUp: order,
    height,
  };
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

function fillIn(input: RevisionInput): Declaration {
  return {
    revision: checkRevisionId(input.revision, input.path),
    revises: input.revises ?? [],
    dependsOn: input.dependsOn ?? [],
    labels: input.labels ?? [],
    message: input.message ?? "",
    path: input.path,
  };
}

function indexIds(declarations: readonly Declaration[]): Map<string, Index> {
  const indexOfId = new Map<string, Index>();
  for (const [index, { revision }] of declarations.entries()) {
    if (indexOfId.has(revision)) throw duplicate(declarations, revision);
    indexOfId.set(revision, index);
  }
  return indexOfId;
}

function duplicate(declarations: readonly Declaration[], revision: string): DuplicateRevisionError {
  const copies = declarations.filter((declaration) => declaration.revision === revision);
  return new DuplicateRevisionError(
    revision,
    copies.map((copy) => copy.path).filter((path) => path !== undefined),
  );
}

function indexLabels(
  declarations: readonly Declaration[],
  ids: ReadonlyMap<string, Index>,
): Map<string, Index> {
  const indexOfLabel = new Map<string, Index>();
  for (const [index, declaration] of declarations.entries()) {
    for (const label of new Set(declaration.labels)) {
      const holder = declarations[ids.get(label) ?? indexOfLabel.get(label) ?? -1];
      if (holder !== undefined) throw new DuplicateLabelError(label, holder, declaration);
      indexOfLabel.set(label, index);
    }
  }
  return indexOfLabel;
}

function parentsOf(child: Declaration, ids: ReadonlyMap<string, Index>): Index[] {
  return child.revises.map((parent) => {
    const index = ids.get(parent);
    if (index === undefined) throw new MissingParentError(child, parent, nearestName(parent, ids.keys()));
    return index;
  });
}

function dependenciesOf(
  child: Declaration,
  ids: ReadonlyMap<string, Index>,
  labels: ReadonlyMap<string, Index>,
): readonly Index[] {
  const indexes = child.dependsOn.map((dependency) => {
    const index = ids.get(dependency) ?? labels.get(dependency);
    if (index !== undefined) return index;
    throw new MissingDependencyError(
      child,
      dependency,
      nearestName(dependency, [...ids.keys(), ...labels.keys()]),
    );
  });
  return unique(indexes);
}

function unique(indexes: readonly Index[]): readonly Index[] {
  return indexes.length < 2 ? indexes : [...new Set(indexes)];
}

function reversed(edges: Edges): Index[][] {
  const back: Index[][] = edges.map(() => []);
  for (const [from, targets] of edges.entries()) {
    for (const to of unique(targets)) back[to]?.push(from);
  }
  return back;
}

function ascending(a: Index, b: Index): number {
  return a - b;
}
