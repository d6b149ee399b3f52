import type { Index } from "./edges.ts";
import { OverlappingRevisionsError } from "./errors.ts";
import { idAt, idsAt, type Links } from "./links.ts";
import type { PlanStampOptions, StampStep } from "./plan.ts";
import { ancestors, anyMarked, descendants } from "./reach.ts";
import { onLine, revisionsOf } from "./target.ts";
import { knownVersions } from "./versions.ts";

/**
 * The changes that set the versions to the targets. Versions on branches that no target lies on stay.
 *
 * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK, E_INVALID_TARGET
 * @throws E_OVERLAPPING_REVISIONS when a revision would stand beside its own ancestor
 */
export function planStamp(links: Links, options: PlanStampOptions): StampStep[] {
  const targets = typeof options.to === "string" ? [options.to] : options.to;
  const rows = options.purge === true ? [] : knownVersions(links, options.from);
  const affected = [...new Set(targets.flatMap((target) => onLine(links, rows, target, "dependencies")))];
  const destinations = targets.flatMap((target) => revisionsOf(links, target));
  const moves = destinations.length === 0 ? affected.map(leave) : moveAll(links, affected, destinations);
  const standing = new Set(rows);
  const steps = moves.map((move) => take(links, standing, move));
  refuseOverlap(links, [...standing]);
  return steps;
}

/** A step in indexes. All of `from` goes if it is still there as a whole, else nothing. */
interface Move {
  readonly direction: "up" | "down";
  readonly from: readonly Index[];
  readonly to: Index | undefined;
}

function leave(row: Index): Move {
  return { direction: "down", from: [row], to: undefined };
}

/** One move for each destination that is not there yet, all of them seen from the rows at the beginning. */
function moveAll(links: Links, affected: readonly Index[], destinations: readonly Index[]): Move[] {
  return [...new Set(destinations)]
    .filter((to) => !affected.includes(to))
    .map((to) => {
      if (anyMarked(descendants(links, [to], "dependencies"), affected))
        return { direction: "down", from: affected, to };
      const isAbove = anyMarked(ancestors(links, [to], "dependencies"), affected);
      return { direction: "up", from: isAbove ? affected : [], to };
    });
}

function take(links: Links, standing: Set<Index>, { direction, from, to }: Move): StampStep {
  if (from.every((row) => standing.has(row))) for (const row of from) standing.delete(row);
  if (to !== undefined) standing.add(to);
  return {
    direction,
    from: idsAt(links, from),
    to: to === undefined ? [] : [idAt(links, to)],
    versionsAfter: idsAt(links, standing).toSorted(),
  };
}

function refuseOverlap(links: Links, rows: readonly Index[]): void {
  const below = ancestors(
    links,
    rows.flatMap((row) => links.allDown.of(row)),
    "dependencies",
  );
  const ancestor = rows.find((row) => below[row] === 1);
  if (ancestor === undefined) return;
  const upper = rows.find(
    (row) => row !== ancestor && ancestors(links, [row], "dependencies")[ancestor] === 1,
  );
  const [low, high] = [idAt(links, ancestor), idAt(links, upper ?? ancestor)];
  throw new OverlappingRevisionsError(
    high,
    low,
    `This would leave ${low} beside ${high}, which has ${low} as an ancestor; the next upgrade would refuse that.`,
    `leave ${low} out; where the database has it already, set the versions anew with \`stamp --purge ${high}\``,
  );
}
