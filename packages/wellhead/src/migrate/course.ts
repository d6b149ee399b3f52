import type { ConnectionLostError } from "../database/index.ts";
import type { Step } from "../graph/index.ts";
import type { DatabaseState } from "./database-state.ts";
import type { MigrateEvent } from "./events.ts";
import type { Migrations } from "./migrations.ts";
import type { FinishedStep } from "./options.ts";
import { remainingPlan, type Planner } from "./remaining-plan.ts";
import { sameSet } from "./same-set.ts";

/** How far a run has come: what it keeps when it is taken up again on another connection. */
export interface Course {
  /** From the versions to the steps that are left. */
  plan: Planner;
  /** The versions at the start, once the steps are known. */
  from: readonly string[] | undefined;
  /** How many steps there are in all. */
  total: number;
  readonly finished: FinishedStep[];
  /** The transaction under way. */
  round: Round | undefined;
  /** The revision that runs now. */
  running: string | undefined;
  /** When the server of this run was started, once it has answered. */
  serverStart: string | undefined;
  /** A loss that was an administrator's doing, or a shutdown: the server that answers next tells which. */
  ended: ConnectionLostError | undefined;
  /** Whether the server has answered on the connection of now. */
  hasAnswered: boolean;
}

interface Round {
  /** The steps that were left, and the versions that they were planned from. */
  readonly planned: readonly Step[];
  readonly versions: readonly string[];
  /** What ran in it; whether it stays is known when COMMIT is answered. */
  readonly done: FinishedStep[];
}

export function startCourse(plan: Planner): Course {
  return {
    plan,
    from: undefined,
    total: 0,
    finished: [],
    round: undefined,
    running: undefined,
    serverStart: undefined,
    ended: undefined,
    hasAnswered: false,
  };
}

/**
 * Takes note of the server that answers.
 *
 * @throws {ConnectionLostError} the loss that it is taken up after, where the same server has ended that session alone
 */
export function greet(course: Course, { serverStart }: DatabaseState): void {
  if (course.ended !== undefined && serverStart === course.serverStart) throw course.ended;
  course.ended = undefined;
  course.serverStart = serverStart;
  course.hasAnswered = true;
}

/** Takes note of what a run tells. */
export function follow(course: Course, event: MigrateEvent): void {
  if (event.kind === "step-started") course.running = event.step.revision;
  if (event.kind !== "step-finished") return;
  course.running = undefined;
  const { direction, revision, versionsAfter } = event.step;
  course.round?.done.push({ direction, revision, durationMs: event.durationMs, versionsAfter });
}

/** Goes back to the start of the transaction that a lost connection has ended, or may have committed. */
export function rewind(course: Course, migrations: Migrations): void {
  course.running = undefined;
  course.hasAnswered = false;
  const { round } = course;
  // The same steps, not the same target again: of `+1` a COMMIT that was not answered may have been all.
  if (round !== undefined && round.planned.length > 0)
    course.plan = remainingPlan(round.planned, round.versions, migrations);
}

/** Counts what is committed of a transaction whose end was not heard, by the versions that are there now. */
export function settle(course: Course, versions: readonly string[]): void {
  const { done } = course.round ?? { done: [] };
  const reached = done.findLastIndex((step) => sameSet(step.versionsAfter, versions));
  course.finished.push(...done.slice(0, reached + 1));
  course.round = undefined;
}
