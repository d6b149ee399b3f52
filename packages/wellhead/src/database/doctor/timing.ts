import type { Database, Session } from "../session.ts";
import { holds, type Finding } from "./checkup.ts";

const SAMPLES = 5;
/** From here on what two clocks say of «expired» can differ. */
const SKEW_MS = 2_000;
const FAR_MS = 50;
/** How fine our own clock is. */
const TICK_MS = 1;

/** The server's clock against ours, half the round trip taken off; the quickest answer is the most exact. */
export async function checkClock(database: Database): Promise<Finding<true>> {
  const samples = await database.withSession(async (session) => await sample(session, compareClocks));
  const best = samples.toSorted((a, b) => a.roundTripMs - b.roundTripMs)[0] ?? { aheadMs: 0, roundTripMs: 0 };
  const { aheadMs, roundTripMs } = best;
  const off = Math.abs(aheadMs);
  const detail = `the server's clock is ${duration(off)} ${aheadMs >= 0 ? "ahead of" : "behind"} ours (give or take ${duration(roundTripMs / 2 + TICK_MS)})`;
  return holds(
    detail,
    off > SKEW_MS
      ? "let both machines keep their clocks by NTP: sessions and tokens expire by them"
      : undefined,
  );
}

interface ClockSample {
  readonly aheadMs: number;
  readonly roundTripMs: number;
}

async function compareClocks(session: Session): Promise<ClockSample> {
  const startedAt = Date.now();
  const begun = performance.now();
  const [row] = await session.query<{ ms: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms",
  );
  const roundTripMs = performance.now() - begun;
  return { aheadMs: (row?.ms ?? 0) - (startedAt + roundTripMs / 2), roundTripMs };
}

/** How long the least statement takes: the median of five. */
export async function checkRoundTrip(database: Database): Promise<Finding<true>> {
  const times = await database.withSession(async (session) => await sample(session, timeStatement));
  const median = times.toSorted((a, b) => a - b)[Math.floor(SAMPLES / 2)] ?? 0;
  return holds(
    `${duration(median)}, the median of ${SAMPLES}`,
    median > FAR_MS
      ? "the server is far away: every statement waits that long, so run the app in its region"
      : undefined,
  );
}

async function timeStatement(session: Session): Promise<number> {
  const begun = performance.now();
  await session.run("SELECT 1");
  return performance.now() - begun;
}

async function sample<T>(session: Session, measure: (session: Session) => Promise<T>): Promise<T[]> {
  const samples: T[] = [];
  for (let count = 0; count < SAMPLES; count += 1) samples.push(await measure(session));
  return samples;
}

function duration(ms: number): string {
  return ms < 10
    ? `${ms.toFixed(1)} ms`
    : ms < 10_000
      ? `${Math.round(ms)} ms`
      : `${Math.round(ms / 1000)} s`;
}
