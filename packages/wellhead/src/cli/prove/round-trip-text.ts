import { isFine, type RoundTrip } from "../../prove/index.ts";
import type { Output } from "../output.ts";
import { plural } from "../words.ts";

/** How many differences of a revision are shown. */
const MOST_DIFFERENCES = 8;

/** What is proved of downgrades, for people: first what does not hold, then what is worth knowing, then how many are as they should be. */
export function roundTripLines(roundTrips: readonly RoundTrip[], style: Output["style"]): readonly string[] {
  if (roundTrips.length === 0) return [];
  const broken = roundTrips.filter((trip) => !isFine(trip));
  const remarkable = roundTrips.filter((trip) => isFine(trip) && roundTripRemark(trip) !== undefined);
  const fine = roundTrips.length - broken.length;
  return [
    ...broken.flatMap((trip) => [
      `${style("red", "round trip")} ${trip.revision}: ${roundTripProblem(trip)}`,
      ...differenceLines(trip),
    ]),
    ...remarkable.map((trip) => `note: ${trip.revision}: ${roundTripRemark(trip)}`),
    `${style(broken.length === 0 ? "green" : "red", "round trip")} ${fine} of ${plural(roundTrips.length, "revision")} as they should be`,
  ];
}

/** What does not hold, in one sentence without its end. */
export function roundTripProblem(trip: RoundTrip): string {
  const { error, failedIn, difference = [] } = trip;
  if (error !== undefined) {
    const place = error.line === undefined ? error.path : `${error.path}:${error.line}`;
    return `the ${failedIn} fails at ${place}: ${error.message} (${error.code})`;
  }
  return `the downgrade leaves another schema than there was: ${plural(difference.length, "difference")}`;
}

/** What is no failure and worth knowing. */
export function roundTripRemark({
  irreversible,
  hasDowngrade,
  schemaRestored,
  tables = [],
  withoutRows,
}: RoundTrip): string | undefined {
  if (irreversible !== undefined) return `irreversible: ${irreversible}`;
  if (hasDowngrade === false)
    return "it has no downgrade; where that is meant, say why in its head: `-- irreversible: why`";
  if (schemaRestored && tables.length > 0)
    return `the downgrade restores the schema and loses rows or values in ${tables.join(", ")}`;
  return withoutRows === true ? "proved without rows: it fails on those that were made up" : undefined;
}

/** The differences of a revision: before, and after the way there and back. */
export function roundTripDifferences({ difference = [] }: RoundTrip): readonly string[] {
  const lines = difference
    .slice(0, MOST_DIFFERENCES)
    .map(
      ({ kind, name, definitions: [before, after] }) => `${kind} ${name}: ${shown(before)} | ${shown(after)}`,
    );
  const left = difference.length - lines.length;
  return left > 0 ? [...lines, `and ${plural(left, "difference")} more`] : lines;
}

function differenceLines(trip: RoundTrip): readonly string[] {
  return roundTripDifferences(trip).map((line) => `    ${line}`);
}

function shown(definition: string | null): string {
  if (definition === null) return "absent";
  const text = definition.replaceAll(/\s+/g, " ").trim();
  return text === "" ? "present" : text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
