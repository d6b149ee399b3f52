import type { Index } from "./edges.ts";
import { DuplicateHeadError, InvalidTargetError, NotAHeadError } from "./errors.ts";
import { labelsAt } from "./labels.ts";
import { declarationAt, idAt, idsAt, type Links } from "./links.ts";
import { DuplicateLabelError, DuplicateRevisionError, SelfLoopError } from "./load-errors.ts";
import { exactly } from "./lookup.ts";
import type { CreateOptions, MergeOptions, NewRevision } from "./plan.ts";
import { checkNewRevisionId } from "./revision.ts";
import { oneRevisionOf, revisionsOf } from "./target.ts";

/**
 * What a new revision has to declare.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_NOT_A_HEAD, E_DUPLICATE_HEAD,
 * E_DUPLICATE_LABEL, E_DUPLICATE_REVISION, E_SELF_LOOP, E_INVALID_REVISION_ID, E_REVISION_ID_TOO_LONG
 */
export function createRevision(links: Links, options: CreateOptions): NewRevision {
  if (options.revision !== undefined) checkNewRevisionId(options.revision);
  const parents = listOf(options.head ?? "head").flatMap((target) => revisionsOf(links, target));
  refuseRepeated(links, parents);
  if (options.splice !== true) refuseNonHeads(links, parents);
  if (options.revision !== undefined) refuseTaken(links, options.revision, parents);
  const labels = listOf(options.branchLabel ?? []);
  refuseTakenLabels(links, labels, options.revision);
  return {
    revises: idsAt(links, parents),
    dependsOn: listOf(options.dependsOn ?? [])
      .map((target) => dependencyOf(links, target))
      .toSorted(),
    labels,
  };
}

/**
 * What a revision that merges others has to declare.
 *
 * @throws as {@link createRevision}
 */
export function mergeRevisions(
  links: Links,
  revisions: string | readonly string[],
  options: MergeOptions,
): NewRevision {
  return createRevision(links, { ...options, head: revisions });
}

function listOf(value: string | readonly string[]): string[] {
  return typeof value === "string" ? [value] : [...value];
}

function refuseRepeated(links: Links, parents: readonly Index[]): void {
  const repeated = parents.find((parent, place) => parents.indexOf(parent) !== place);
  if (repeated !== undefined) throw new DuplicateHeadError(idAt(links, repeated));
}

function refuseNonHeads(links: Links, parents: readonly Index[]): void {
  for (const parent of parents) {
    const children = links.next.of(parent);
    if (children.length > 0) throw new NotAHeadError(idAt(links, parent), idsAt(links, children));
  }
}

function refuseTaken(links: Links, revision: string, parents: readonly Index[]): void {
  const taken = links.indexOfId.get(revision);
  if (taken !== undefined && parents.includes(taken)) throw new SelfLoopError(declarationAt(links, taken));
  if (taken !== undefined) {
    const { path } = declarationAt(links, taken);
    throw new DuplicateRevisionError(revision, path === undefined ? [] : [path]);
  }
  const label = links.indexOfLabel.get(revision);
  if (label !== undefined) throw new DuplicateLabelError(revision, { revision }, declarationAt(links, label));
}

function refuseTakenLabels(links: Links, labels: readonly string[], revision = "(new)"): void {
  for (const label of labels) {
    const holder = exactly(links, label);
    if (holder !== undefined)
      throw new DuplicateLabelError(label, declarationAt(links, holder), { revision });
    if (label === revision) throw new DuplicateLabelError(label, { revision }, { revision });
  }
}

/** A label stays as it is, so that the file says what was meant; the beginning of an id is completed. */
function dependencyOf(links: Links, target: string): string {
  const index = oneRevisionOf(links, target);
  if (index === undefined) {
    throw new InvalidTargetError(
      target,
      `Nothing can depend on "${target}": it names no revision.`,
      "name a revision or a branch label",
    );
  }
  return labelsAt(links, index).includes(target) ? target : idAt(links, index);
}
