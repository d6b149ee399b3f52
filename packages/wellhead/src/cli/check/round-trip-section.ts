import { isFine, proveRoundTrips, type RoundTrip } from "../../prove/index.ts";
import { roundTripDifferences, roundTripProblem, roundTripRemark } from "../prove/round-trip-text.ts";
import { leftOut, tellingUnseen } from "../provable-migrations.ts";
import { plural } from "../words.ts";
import type { CheckSection, Finding, Note } from "./check-section.ts";

/** So many revisions are run by `check`: of a long history those that a pull request can have brought. `prove` runs all. */
const MOST = 12;

/** The newest revisions can be taken back: forward, back and forward again, the schema is the one before. */
export const roundTripSection: CheckSection = {
  name: "round trip",
  failed: "the revisions do not run",
  run: async ({ migrations, provable, emptyScratch, tell, signal }) => {
    if (migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    const all = migrations.graph.history();
    const revisions = all.slice(0, MOST);
    if (revisions.length === 0) return { kind: "skipped", reason: "there are no revisions" };
    const seen = await provable();
    const roundTrips = await tellingUnseen(seen, async () =>
      proveRoundTrips({
        migrations: seen.migrations,
        revisions,
        unseen: leftOut(seen),
        scratch: await emptyScratch(),
        onRevision: tell,
        signal,
      }),
    );
    const remarks = roundTrips.flatMap((trip) => note(trip) ?? []);
    return {
      kind: "looked",
      findings: roundTrips.filter((trip) => !isFine(trip)).map(finding),
      summary:
        all.length > MOST
          ? `the newest ${MOST} of ${plural(all.length, "revision")}; \`wellhead prove\` runs all`
          : plural(all.length, "revision"),
      ...(remarks.length > 0 && { notes: remarks }),
    };
  },
};

function finding(trip: RoundTrip): Finding {
  const { revision, path, error } = trip;
  const details = roundTripDifferences(trip).map((line) => `\n  ${line}`);
  return {
    code: "E_ROUND_TRIP",
    message: `${revision}: ${roundTripProblem(trip)}${details.join("")}`,
    hint: "make the downgrade undo what the upgrade does, object by object",
    path,
    ...(error?.line !== undefined && { line: error.line }),
  };
}

function note(trip: RoundTrip): Note | undefined {
  const remark = isFine(trip) ? roundTripRemark(trip) : undefined;
  return remark === undefined ? undefined : { message: `${trip.revision}: ${remark}`, path: trip.path };
}
