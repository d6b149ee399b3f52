import type { Index } from "./edges.ts";
import { OverlappingRevisionsError, UnknownVersionError } from "./errors.ts";
import { idAt, type Links } from "./links.ts";
import { nearestName } from "./nearest.ts";
import { ancestors, type Marks } from "./reach.ts";

/**
 * The rows of a version table as indexes, in their order, each once.
 *
 * @throws E_REVISION_NOT_FOUND naming every row that no revision file declares
 */
export function knownVersions(links: Links, versions: readonly string[]): Index[] {
  const unknown = versions.filter((version) => !links.indexOfId.has(version));
  if (unknown.length > 0) throw unknownVersions(links, unknown);
  return [...new Set(versions.flatMap((version) => links.indexOfId.get(version) ?? []))];
}

/** Everything that is applied in a database that stands at these versions. */
export function appliedAt(links: Links, versions: readonly Index[]): Marks {
  return ancestors(links, versions, "dependencies");
}

/**
 * All ancestors of some revisions, themselves included, none of which may be an ancestor of another.
 *
 * @throws E_OVERLAPPING_REVISIONS
 */
export function disjointAncestors(
  links: Links,
  starts: readonly Index[],
  what: "targets" | "versions",
): Marks {
  const below = ancestors(
    links,
    starts.flatMap((start) => links.allDown.of(start)),
    "dependencies",
  );
  const overlapped = starts.find((start) => below[start] === 1);
  if (overlapped !== undefined) throw overlap(links, starts, overlapped, what);
  for (const start of starts) below[start] = 1;
  return below;
}

function overlap(
  links: Links,
  starts: readonly Index[],
  ancestor: Index,
  what: "targets" | "versions",
): Error {
  const above = starts.find(
    (start) => start !== ancestor && ancestors(links, [start], "dependencies")[ancestor] === 1,
  );
  const upper = idAt(links, above ?? ancestor);
  const lower = idAt(links, ancestor);
  return what === "targets"
    ? new OverlappingRevisionsError(
        upper,
        lower,
        `The targets overlap: ${lower} is an ancestor of ${upper}.`,
        `name ${upper} alone; it brings ${lower} with it`,
      )
    : new OverlappingRevisionsError(
        upper,
        lower,
        `The versions of the database overlap: it stands at ${lower} and at ${upper}, which has ${lower} as an ancestor.`,
        `A database that stands at ${upper} needs no row for ${lower}: set the versions anew with \`stamp --purge ${upper}\`.`,
      );
}

function unknownVersions(links: Links, unknown: readonly string[]): UnknownVersionError {
  return new UnknownVersionError(unknown, nearestName(unknown[0] ?? "", links.indexOfId.keys()));
}
