import { bottomUp } from "./bottom-up.ts";
import { cycleError, refuseSelfLoops } from "./cycles.ts";
import {
  DuplicateLabelError,
  DuplicateRevisionError,
  MissingDependencyError,
  MissingParentError,
} from "./load-errors.ts";
import { Edges, type Index } from "./edges.ts";
import type { Declaration, Links } from "./links.ts";
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
  const down = Edges.pack(declarations.map((child) => parentsOf(child, indexOfId)));
  const dependencies = Edges.pack(
    declarations.map((child) => dependenciesOf(child, indexOfId, indexOfLabel)),
  );
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
  return [...new Set(indexes)];
}

/** For each revision both lists, the second in load order; each of their members once. */
function joined(first: Edges, second: Edges): Edges {
  const lists = Array.from({ length: first.size }, (_, index) => {
    const list = first.of(index);
    if (second.count(index) > 0) list.push(...second.of(index).toSorted(ascending));
    return list.length < 2 ? list : [...new Set(list)];
  });
  return Edges.pack(lists);
}

const none: readonly Index[] = [];

function ascending(a: Index, b: Index): number {
  return a - b;
}
