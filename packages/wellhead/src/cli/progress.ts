import { runningLine, type MigrateEvent } from "../migrate/index.ts";
import type { Output } from "./output.ts";
import { milliseconds } from "./words.ts";

const WORTH_TELLING_MS = 1_000;

/** Tells a run's events as it goes on: one plain line a revision, and a second for one that took long. */
export function tellProgress(output: Output): (event: MigrateEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "planned":
        return;
      case "edited":
        for (const { revision, path } of event.revisions) {
          output.note(
            `${output.style("yellow", "warning:")} ${revision} was edited after it was applied (${path})`,
          );
        }
        return;
      case "waiting-for-lock": {
        const { holder } = event;
        const who =
          holder === undefined
            ? "another process"
            : `process ${holder.pid} (${holder.applicationName}, since ${holder.since})`;
        output.note(`waiting for ${who}, which is migrating this database`);
        return;
      }
      case "retrying":
        for (const line of retryLines(event)) output.note(line);
        return;
      case "step-started":
        output.info(`Running ${runningLine(event.step)}, ${event.step.message}`);
        return;
      case "step-finished":
        if (event.durationMs >= WORTH_TELLING_MS) output.info(`  took ${milliseconds(event.durationMs)}`);
        return;
    }
  };
}

function retryLines({
  attempt,
  reason,
  blockers,
  waitMs,
}: Extract<MigrateEvent, { kind: "retrying" }>): string[] {
  return [
    `${reason}; everything was rolled back, try ${attempt + 1} follows in ${milliseconds(waitMs)}`,
    ...blockers.map(
      ({ pid, applicationName, query, ageMs }) =>
        `  in the way: process ${pid} (${applicationName || "no application name"}), for ${milliseconds(ageMs)}: ${query}`,
    ),
  ];
}
