import { WellheadError } from "../wellhead-error.ts";
import type { MigrateEvent } from "../migrate/index.ts";
import { errorFacts } from "./error-text.ts";
import type { LogLine } from "./output.ts";

type LineOf<K extends MigrateEvent["kind"]> = (
  event: Extract<MigrateEvent, { readonly kind: K }>,
) => EventFacts;

interface EventFacts {
  readonly level: LogLine["level"];
  readonly [fact: string]: unknown;
}

/** Each event of a run as a line of a log: how grave it is, and its facts. The name of the event is its kind. */
const lines: { readonly [K in MigrateEvent["kind"]]: LineOf<K> } = {
  planned: ({ from, steps }) => ({ level: "info", from, revisions: steps.map(({ revision }) => revision) }),
  edited: ({ revisions }) => ({ level: "warn", revisions }),
  "waiting-for-lock": ({ holder, waitedMs }) => ({ level: "warn", holder, waitedMs }),
  retrying: ({ attempt, reason, blockers, waitMs }) => ({ level: "warn", attempt, reason, waitMs, blockers }),
  reconnecting: ({ attempt, reason, waitMs }) => ({ level: "warn", attempt, reason, waitMs }),
  "step-started": ({ step, index, total }) => ({ level: "info", ...step, index, total }),
  "step-finished": ({ step, index, total, durationMs }) => ({
    level: "info",
    ...step,
    index,
    total,
    durationMs,
  }),
};

export function eventLine<K extends MigrateEvent["kind"]>(
  event: Extract<MigrateEvent, { readonly kind: K }>,
): LogLine {
  const lineOf = lines[event.kind];
  const { level, ...facts } = lineOf(event);
  return { level, event: event.kind, ...facts };
}

/** The end of a run that did what it was asked. */
export function finishedLine(
  command: "upgrade" | "downgrade" | "stamp",
  {
    from,
    to,
    steps,
  }: { readonly from: readonly string[]; readonly to: readonly string[]; readonly steps: readonly unknown[] },
  durationMs: number,
): LogLine {
  return { level: "info", event: "finished", command, from, to, steps: steps.length, durationMs };
}

/** What ended a run before its time, with the facts of the error. */
export function errorLine(error: unknown): LogLine {
  const { code, message, hint, ...facts } =
    error instanceof WellheadError ? error.toJSON() : { code: "E_UNEXPECTED", ...errorFacts(error) };
  return { level: "error", event: "failed", code, message, hint, ...facts };
}
