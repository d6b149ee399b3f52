// Sends random and hostile requests to the backend in a process of its own, on a real Postgres, beside clients that are
// as slow as they can be, and says what went wrong: a 5xx, a secret or an inner word that was told, a process that
// ended, memory that did not come back. All of it goes to 127.0.0.1.
// Run: node --conditions=wellhead-source bench/fuzz.ts [--requests 20000] [--minutes 10] [--seed 1] [--major 18]

import { parseArgs } from "node:util";

import { fuzz, type FuzzReport } from "../test/fuzz/support/fuzz.ts";
import { SECRET } from "../test/fuzz/support/hostile-values.ts";
import type { OpenApi } from "../test/fuzz/support/operations.ts";
import { openSlowClients } from "../test/fuzz/support/slow-clients.ts";
import { startFuzzedServer, type FuzzedServer } from "./support/fuzzed-server.ts";
import { describeMachine } from "./support/machine.ts";
import { startScratchServer } from "./support/scratch-server.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "20000" },
    /** Goes on for so long, whatever the number of requests. */
    minutes: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    major: { type: "string", default: "18" },
  },
});
/** How much more the process may hold at the end than once it was warm, in MB. */
const MEMORY_MARGIN = 64;
const BATCH = 2_000;

const postgres = await startScratchServer(Number(values.major));
try {
  console.log(describeMachine(postgres.version));
  const server = await startFuzzedServer(await postgres.emptyDatabase("fuzz"));
  try {
    process.exitCode = await run(server);
  } finally {
    await server.stop();
  }
} finally {
  await postgres.stop();
}

async function run(server: FuzzedServer): Promise<number> {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApi;
  const port = Number(new URL(server.url).port);
  const slow = openSlowClients(port, 50);
  const until = performance.now() + Number(values.minutes) * 60_000;
  const reports: FuzzReport[] = [];
  const memory: number[] = [];
  const begun = performance.now();
  for (let sent = 0; sent < Number(values.requests) || performance.now() < until; sent += BATCH) {
    const seed = Number(values.seed) + reports.length;
    reports.push(await fuzz({ port, document, requests: BATCH, seed }));
    memory.push(server.residentMegabytes());
    console.log(`${sent + BATCH} sent, ${memory.at(-1)} MB`);
  }
  const seconds = (performance.now() - begun) / 1000;
  const stillOpen = await slow.untilClosed(45_000);
  return report({ reports, memory, seconds, stillOpen, output: server.output(), isAlive: server.isAlive() });
}

interface Outcome {
  readonly reports: readonly FuzzReport[];
  readonly memory: readonly number[];
  readonly seconds: number;
  /** Slow clients that the server has not got rid of. */
  readonly stillOpen: number;
  readonly output: string;
  readonly isAlive: boolean;
}

function report({ reports, memory, seconds, stillOpen, output, isAlive }: Outcome): number {
  const findings = reports.flatMap((each) => each.findings);
  const sent = reports.reduce((sum, each) => sum + each.sent, 0);
  // The first batch fills caches and the heap; what comes after is to stay.
  const growth = (memory.at(-1) ?? 0) - (memory[0] ?? 0);
  const wrongs = [
    ...findings.map(
      ({ what, attack, number, sent, reply }) => `${attack} (${number}): ${what}\n${sent}\n--\n${reply}`,
    ),
    ...(output.includes(SECRET) ? ["a secret stands in the log"] : []),
    ...(/"msg":"failed"/.test(output)
      ? [`an error that was not expected: ${/.*"msg":"failed".*/.exec(output)?.[0]}`]
      : []),
    ...(isAlive ? [] : ["the process has ended"]),
    ...(stillOpen > 0 ? [`${stillOpen} slow clients are still there`] : []),
    ...(growth > MEMORY_MARGIN ? [`memory grew by ${growth} MB after the first batch`] : []),
  ];
  console.log(`${sent} requests in ${seconds.toFixed(0)} s: ${total(reports, "attacks")}`);
  console.log(`answers: ${total(reports, "statuses")}`);
  console.log(
    `memory: ${memory[0]} MB after the first ${BATCH}, ${Math.max(...memory)} MB at most, ${memory.at(-1)} MB at the end`,
  );
  for (const wrong of wrongs.slice(0, 20)) console.log(`\n${wrong}`);
  console.log(`\n${wrongs.length} wrong`);
  return wrongs.length === 0 ? 0 : 1;
}

function total(reports: readonly FuzzReport[], of: "attacks" | "statuses"): string {
  const counts = new Map<string, number>();
  for (const each of reports) {
    for (const [key, count] of each[of]) counts.set(String(key), (counts.get(String(key)) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => `${key} ${count}`)
    .join(", ");
}
