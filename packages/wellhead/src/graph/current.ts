import type { Index } from "./edges.ts";
import { type Links } from "./links.ts";
import { marked } from "./reach.ts";
import { appliedAt, knownVersions } from "./versions.ts";

/**
 * What a database that stands at these versions shows as current, in load order: applied revisions that no applied one
 * revises. That is the versions, and those that have no row only because something that depends on them has one.
 *
 * @throws E_REVISION_NOT_FOUND
 */
export function currentAt(links: Links, versions: readonly string[]): Index[] {
  return newestApplied(links, knownVersions(links, versions));
}

/** The same for rows that are known. */
export function newestApplied(links: Links, rows: readonly Index[]): Index[] {
  const applied = appliedAt(links, rows);
  return marked(applied).filter((index) => !links.next.of(index).some((child) => applied[child] === 1));
}
