import type { Index } from "./edges.ts";
import { AmbiguousRevisionError, RevisionNotFoundError } from "./errors.ts";
import { idAt, type Links } from "./links.ts";
import { nearestName } from "./nearest.ts";
import { ancestors, descendants, type Following, type Marks } from "./reach.ts";

/**
 * The revision that a text names: an id or a branch label, or the beginning of exactly one of them that has more than
 * three characters. With `branch` it has to be on that branch's line.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION
 */
export function lookUp(links: Links, text: string, branch?: string): Index {
  const line = branch === undefined ? undefined : lineOf(links, [lookUpBranch(links, branch)], "revises");
  const index = exactly(links, text) ?? byBeginning(links, text, line);
  if (line !== undefined && line[index] !== 1) throw notOnBranch(links, index, text, branch ?? "");
  return index;
}

/**
 * @throws E_REVISION_NOT_FOUND when one of the revisions is not on the line of the branch, or there is no such branch
 */
export function refuseOffBranch(links: Links, indexes: readonly Index[], branch: string): void {
  if (indexes.length === 0) return;
  const line = lineOf(links, [lookUpBranch(links, branch)], "revises");
  const outside = indexes.find((index) => line[index] !== 1);
  if (outside !== undefined) throw notOnBranch(links, outside, idAt(links, outside), branch);
}

/** A revision by its exact id or label. */
export function exactly(links: Links, text: string): Index | undefined {
  return links.indexOfId.get(text) ?? links.indexOfLabel.get(text);
}

/** The revisions on the line of others: themselves, their ancestors and their descendants. */
export function lineOf(links: Links, indexes: readonly Index[], following: Following): Marks {
  const line = ancestors(links, indexes, following);
  const above = descendants(links, indexes, following);
  for (const [index, mark] of above.entries()) if (mark === 1) line[index] = 1;
  return line;
}

/**
 * The revision that the part before an `@` names.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION
 */
export function lookUpBranch(links: Links, branch: string): Index {
  const index = exactly(links, branch);
  if (index !== undefined) return index;
  try {
    return byBeginning(links, branch, undefined);
  } catch (error) {
    throw error instanceof RevisionNotFoundError ? branchNotFound(links, branch) : error;
  }
}

/** Ids and labels in load order, ids first, as candidates for a beginning and for what was meant. */
function names(links: Links): [string, Index][] {
  return [...links.indexOfId, ...links.indexOfLabel];
}

function byBeginning(links: Links, text: string, line: Marks | undefined): Index {
  const matches = names(links).filter(
    ([name, index]) => name.startsWith(text) && isLong(name) && (line === undefined || line[index] === 1),
  );
  const [match, ...others] = matches;
  if (match === undefined) throw notFound(links, text);
  if (others.length > 0)
    throw new AmbiguousRevisionError(
      text,
      matches.map(([name]) => name),
    );
  return match[1];
}

/** A name of three characters or fewer has to be written out. */
function isLong(name: string): boolean {
  return name.length > 6 || [...name].length > 3;
}

function notFound(links: Links, text: string): RevisionNotFoundError {
  const nearest = nearestName(
    text,
    names(links).map(([name]) => name),
  );
  const hint = nearest === undefined ? "`history` lists the revisions" : `did you mean ${nearest}?`;
  return new RevisionNotFoundError(
    text,
    `No revision or branch label is called or begins with "${text}".`,
    hint,
    nearest,
  );
}

function branchNotFound(links: Links, branch: string): RevisionNotFoundError {
  const labels = [...links.indexOfLabel.keys()];
  const nearest = nearestName(
    branch,
    names(links).map(([name]) => name),
  );
  const known =
    labels.length === 0 ? "there are no branch labels" : `the branch labels are ${labels.join(", ")}`;
  const hint = nearest === undefined ? known : `did you mean ${nearest}? (${known})`;
  return new RevisionNotFoundError(branch, `There is no branch "${branch}".`, hint, nearest);
}

function notOnBranch(links: Links, index: Index, text: string, branch: string): RevisionNotFoundError {
  return new RevisionNotFoundError(
    text,
    `Revision ${idAt(links, index)} is not on the branch "${branch}".`,
    `say ${text} without the branch, or ${branch}@head for the head of the branch`,
  );
}
