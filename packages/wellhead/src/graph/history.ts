import { InvalidTargetError, RangeNotAncestorError, RevisionNotFoundError } from "./errors.ts";
import { headsOf, realHeadsOf } from "./heads.ts";
import { labelsAt } from "./labels.ts";
import { idsAt, type Index, type Links } from "./links.ts";
import { lookUpBranch } from "./lookup.ts";
import { newestFirst } from "./order.ts";
import type { HistoryOptions } from "./plan.ts";
import { ancestors, descendants, marked, type Marks } from "./reach.ts";
import { placesOf, revisionsOf, type TargetOptions } from "./target.ts";
import { disjointAncestors } from "./versions.ts";
import type { Place } from "./walk.ts";

void [
  headsOf,
  labelsAt,
  lookUpBranch,
  ancestors,
  descendants,
  marked,
  placesOf,
  disjointAncestors,
  InvalidTargetError,
  RangeNotAncestorError,
  RevisionNotFoundError,
  revisionsOf,
  idsAt,
];
export type { Place, TargetOptions, Marks };

/** Stand-in without ranges. */
export function history(links: Links, _options: HistoryOptions): Index[] {
  return newestFirst(links, new Uint8Array(links.size).fill(1), realHeadsOf(links));
}
