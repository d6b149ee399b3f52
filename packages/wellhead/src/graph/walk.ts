import type { Index } from "./edges.ts";
import { AmbiguousWalkError } from "./errors.ts";
import { basesOf, headsOf } from "./heads.ts";
import { idAt, idsAt, type Links } from "./links.ts";

/** Where a walk ends: at a revision, at base just below one, or nowhere, since it was too long. */
export type Place = Index | "base" | null;

/**
 * Walks `steps` up from a revision, or from below the bases when `start` is undefined. Dependencies are never walked.
 *
 * @param kept those of the candidates that may be walked to
 * @throws E_AMBIGUOUS_WALK where the way forks
 */
export function walkUp(
  links: Links,
  start: Index | undefined,
  steps: number,
  target: string,
  kept: (candidates: readonly Index[]) => readonly Index[],
): Index | null {
  let place = start;
  for (let step = 0; step < steps; step++) {
    const candidates = kept(place === undefined ? basesOf(links) : links.next.of(place));
    if (candidates.length > 1) throw ambiguous(links, target, place, candidates, "up");
    if (candidates[0] === undefined) return null;
    place = candidates[0];
  }
  return place ?? null;
}

/**
 * Walks `steps` down from a revision, or from above the heads when `start` is undefined.
 *
 * @throws E_AMBIGUOUS_WALK at a merge point
 */
export function walkDown(links: Links, start: Index | undefined, steps: number, target: string): Place {
  let place = start;
  for (let step = 0; step < steps; step++) {
    const candidates: readonly Index[] = place === undefined ? headsOf(links) : links.down.of(place);
    if (candidates.length > 1) throw ambiguous(links, target, place, candidates, "down");
    if (candidates[0] === undefined) return step === steps - 1 ? "base" : null;
    place = candidates[0];
  }
  return place ?? null;
}

function ambiguous(
  links: Links,
  target: string,
  place: Index | undefined,
  candidates: readonly Index[],
  direction: "up" | "down",
): AmbiguousWalkError {
  const ids = idsAt(links, candidates);
  const where = place === undefined ? "The graph" : `Revision ${idAt(links, place)}`;
  const ways = direction === "up" ? `continues with ${ids.join(", ")}` : `revises ${ids.join(", ")}`;
  const hint =
    direction === "up"
      ? `name the branch as in \`${ids[0]}@+1\`, or the revision itself`
      : "name the revision to go to itself";
  return new AmbiguousWalkError(target, `"${target}" is ambiguous: ${where} ${ways}.`, ids, hint);
}
