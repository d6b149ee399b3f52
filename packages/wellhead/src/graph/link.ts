import { bottomUp } from "./bottom-up.ts";
import { cycleError, refuseSelfLoops } from "./cycles.ts";
import {
  DuplicateLabelError,
  DuplicateRevisionError,
  MissingDependencyError,
  MissingParentError,
} from "./load-errors.ts";
import type { Declaration, Edges, Index, Links } from "./links.ts";
import { nearestName } from "./nearest.ts";
import { normalizeDependencies } from "./normalized-dependencies.ts";
import { checkRevisionId, type RevisionInput } from "./revision.ts";

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
  const allDown = joined(down, dependencies);
  const next = reversed(down);
  const allNext = reversed(allDown);
  const { order, height } = bottomUp(allDown, allNext);
  if (order.length < declarations.length) throw cycleError(declarations, down, allDown);
  const normalized = normalizeDependencies(dependencies, {
    size: down.length,
    allDown: down,
    bottomUp: order,
    height,
  });
  return {
    size: declarations.length,
    declarations,
    indexOfId,
    indexOfLabel,
    down,
    dependencies,
    allDown,
    normalizedDown: joined(down, normalized),
    next,
    allNext,
    bottomUp: order,
    height,
  };
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
    if (declaration.labels.length === 0) continue;
    for (const label of new Set(declaration.labels)) {
      const holder = declarations[ids.get(label) ?? indexOfLabel.get(label) ?? -1];
      if (holder !== undefined) throw new DuplicateLabelError(label, holder, declaration);
      indexOfLabel.set(label, index);
    }
  }
  return indexOfLabel;
}

function parentsOf(child: Declaration, ids: ReadonlyMap<string, Index>): readonly Index[] {
  if (child.revises.length === 0) return none;
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
  if (child.dependsOn.length === 0) return none;
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

/** For each revision both lists, each of their members once. */
function joined(first: Edges, second: Edges): Edges {
  return first.map((list, index) => {
    const others = second[index] ?? none;
    return unique(others.length === 0 ? list : [...list, ...others.toSorted(ascending)]);
  });
}

function unique(indexes: readonly Index[]): readonly Index[] {
  return indexes.length < 2 ? indexes : [...new Set(indexes)];
}

function reversed(edges: Edges): Edges {
  // Most revisions have one child; those that have none share one empty list.
  const back: Index[][] = Array.from({ length: edges.length }, () => none);
  for (const [from, targets] of edges.entries()) {
    for (const to of unique(targets)) {
      const list = back[to];
      if (list === none) back[to] = [from];
      else list?.push(from);
    }
  }
  return back;
}

const none: Index[] = [];

function ascending(a: Index, b: Index): number {
  return a - b;
}
