/**
 * Asks `/healthz` again and again, in a process of its own so that no other work of ours delays the measurement. Ends
 * when its standard input does, and prints the milliseconds of each answer as one line of JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { openConnections } from "./load.ts";

/** Seldom enough that the questions are no load of their own. */
const INTERVAL_MS = 50;

const [, , url = ""] = process.argv;
const connections = openConnections(url, 1);
const times: number[] = [];
let isOver = false;
process.stdin.resume().once("end", () => (isOver = true));

await connections.get("/healthz");
for (;;) {
  // Read anew after each wait: the end comes from outside.
  if ((() => isOver)()) break;
  times.push((await connections.get("/healthz")).durationMs);
  await sleep(INTERVAL_MS);
}
connections.close();
console.log(JSON.stringify(times));
