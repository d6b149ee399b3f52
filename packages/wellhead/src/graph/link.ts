import { bottomUp } from "./bottom-up.ts";
import { cycleError, refuseSelfLoops } from "./cycles.ts";
import { Edges, type Index } from "./edges.ts";
import type { Declaration, Links } from "./links.ts";
import {
  DuplicateLabelError,
  DuplicateRevisionError,
  MissingDependencyError,
  MissingParentError,
} from "./load-errors.ts";
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
  const down = linkParents(declarations, indexOfId);
  const dependencies = linkDependencies(declarations, indexOfId, indexOfLabel);
  const allDown = joined(down, dependencies);
  const next = down.reversed();
  const allNext = allDown.reversed();
  const { order, height } = bottomUp(allDown, allNext);
  if (order.length < declarations.length) throw cycleError(declarations, down, allDown);
  const normalized = normalizeDependencies(dependencies, {
    size: down.size,
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

function linkParents(declarations: readonly Declaration[], ids: ReadonlyMap<string, Index>): Edges {
  return eachOf(declarations, (declaration, add) => {
    for (const parent of declaration.revises) {
      const index = ids.get(parent);
      if (index === undefined)
        throw new MissingParentError(declaration, parent, nearestName(parent, ids.keys()));
      add(index);
    }
  });
}

function linkDependencies(
  declarations: readonly Declaration[],
  ids: ReadonlyMap<string, Index>,
  labels: ReadonlyMap<string, Index>,
): Edges {
  return eachOf(declarations, (declaration, add) => {
    if (declaration.dependsOn.length === 0) return;
    const indexes = declaration.dependsOn.map((dependency) => {
      const index = ids.get(dependency) ?? labels.get(dependency);
      if (index === undefined)
        throw missingDependency(declaration, dependency, [...ids.keys(), ...labels.keys()]);
      return index;
    });
    for (const index of new Set(indexes)) add(index);
  });
}

function eachOf(
  declarations: readonly Declaration[],
  fill: (declaration: Declaration, add: (to: Index) => void) => void,
): Edges {
  return Edges.build(declarations.length, (index, add) => {
    const declaration = declarations[index];
    if (declaration !== undefined) fill(declaration, add);
  });
}

function missingDependency(
  child: Declaration,
  dependency: string,
  names: readonly string[],
): MissingDependencyError {
  return new MissingDependencyError(child, dependency, nearestName(dependency, names));
}

/** For each revision both lists, the second in load order; each of their members once. */
function joined(first: Edges, second: Edges): Edges {
  return Edges.build(first.size, (index, add) => {
    if (second.count(index) === 0 && first.count(index) < 2) {
      for (const to of first.of(index)) add(to);
      return;
    }
    for (const to of new Set([...first.of(index), ...second.of(index).toSorted(ascending)])) add(to);
  });
}

function ascending(a: Index, b: Index): number {
  return a - b;
}
