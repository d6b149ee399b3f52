import { runningLine, type MigrateEvent, type StepInfo } from "../migrate/index.ts";
import { eventLine } from "./log-lines.ts";
import type { Output } from "./output.ts";
import { milliseconds } from "./words.ts";

const WORTH_TELLING_MS = 1_000;
const TICK_MS = 1_000;

/**
 * Runs `work` and tells its events as it goes on. On a terminal: a live line for the revision that runs, and a line
 * with its time when it is done. Elsewhere one plain line a revision, and a second for one that took long. Under
 * `--log-format json` one object an event.
 */
export async function withProgress<T>(
  output: Output,
  work: (onEvent: (event: MigrateEvent) => void) => Promise<T>,
): Promise<T> {
  const running = runningStep(output);
  try {
    return await work((event) => {
      output.log(eventLine(event));
      tell(event, output, running);
    });
  } finally {
    running.stop();
  }
}

function tell(event: MigrateEvent, output: Output, running: RunningStep): void {
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
    case "waiting-for-lock":
      return output.note(waitingLine(event));
    case "retrying":
      running.stop();
      for (const line of retryLines(event)) output.note(line);
      return;
    case "reconnecting":
      running.stop();
      return output.note(
        `the connection was lost (${event.reason}); what was not committed is rolled back, it is taken up again in ${milliseconds(event.waitMs)}`,
      );
    case "step-started":
      return running.start(event.step);
    case "step-finished":
      running.stop();
      return tellFinished(event, output);
  }
}

function tellFinished(
  { step, durationMs }: Extract<MigrateEvent, { kind: "step-finished" }>,
  output: Output,
): void {
  if (output.live.isShown) output.info(`${stepLine(step)} (${milliseconds(durationMs)})`);
  else if (durationMs >= WORTH_TELLING_MS) output.info(`  took ${milliseconds(durationMs)}`);
}

interface RunningStep {
  readonly start: (step: StepInfo) => void;
  readonly stop: () => void;
}

/** The step that runs: its line, with the seconds it has taken so far where a terminal shows them. */
function runningStep({ live, info }: Output): RunningStep {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    live.hide();
  };
  const start = (step: StepInfo): void => {
    const line = `Running ${stepLine(step)}`;
    if (!live.isShown) return info(line);
    stop();
    const begun = performance.now();
    live.show(line);
    timer = setInterval(
      () => live.show(`${line} ${Math.round((performance.now() - begun) / 1000)} s`),
      TICK_MS,
    );
    timer.unref();
  };
  return { start, stop };
}

function stepLine(step: StepInfo): string {
  return `${runningLine(step)}, ${step.message}`;
}

function waitingLine({ holder }: Extract<MigrateEvent, { kind: "waiting-for-lock" }>): string {
  const who =
    holder === undefined
      ? "another process"
      : `process ${holder.pid} (${holder.applicationName}, since ${holder.since})`;
  return `waiting for ${who}, which is migrating this database`;
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
