import { ConnectError, ConnectionLostError, type Database } from "../database/index.ts";
import { rewind, type Course } from "./course.ts";
import type { MigrateEvent } from "./events.ts";
import type { Migrations } from "./migrations.ts";
import type { MigrateOptions } from "./options.ts";
import { pause } from "./pause.ts";

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_000;
/** How often a run may lose its connection and be taken up again. */
const MOST_LOSSES = 5;

/**
 * Ended by a limit that would end it again (the server's timeouts of sessions and transactions), or with its database.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const WOULD_END_AGAIN: readonly (string | undefined)[] = ["57P04", "57P05", "25P03", "25P04"];

/** Ended by pg_terminate_backend, or with its server: a shutdown, or the death of the postmaster. */
const ADMIN_SHUTDOWN = "57P01";

/** What a run is taken up with. */
export interface TakeUp {
  readonly database: Database;
  readonly migrations: Migrations;
  readonly course: Course;
  readonly options: MigrateOptions;
  readonly emit: (event: MigrateEvent) => void;
}

/**
 * Takes a run up again that has lost its connection: on another one, from the versions that are read inside the lock,
 * which tell what is committed, as they tell any other run. While no server answers it asks for as long as connecting
 * may take. A revision that was running is run again once, since the server may have gone down because of it, and not
 * at all where somebody has ended its session.
 *
 * @throws the loss that it was about, where no connection is had in time; else the last failure
 */
export async function takeUp<T>(
  failure: unknown,
  take: () => Promise<T>,
  { database, migrations, course, options, emit }: TakeUp,
): Promise<T> {
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, signal } = options;
  const lostIn = new Set<string>();
  let error = failure;
  let loss: ConnectionLostError | undefined;
  let losses = 0;
  let attempt = 0;
  let lostAt = performance.now();
  for (;;) {
    if (
      error === course.ended ||
      database.isEmbedded ||
      signal?.aborted === true ||
      !isOfConnection(error, course)
    )
      throw error;
    if (course.hasAnswered && error instanceof ConnectionLostError) {
      losses += 1;
      attempt = 0;
      lostAt = performance.now();
      loss = error;
      if (losses > MOST_LOSSES || !mayRunAgain(loss, course.running, lostIn)) throw loss;
      course.ended = course.running !== undefined && loss.sqlState === ADMIN_SHUTDOWN ? loss : undefined;
    }
    attempt += 1;
    const leftMs = connectTimeoutMs - (performance.now() - lostAt);
    if (leftMs <= 0) throw loss ?? error;
    const longestMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    const waitMs = Math.ceil(Math.min(longestMs * (0.5 + Math.random() / 2), leftMs));
    emit({ kind: "reconnecting", attempt, reason: error.reason, waitMs });
    await pause(waitMs, signal);
    rewind(course, migrations);
    try {
      return await take();
    } catch (next) {
      error = next;
    }
  }
}

/** A connection that broke, or that could not be had; one more of a run that goes on has its own error. */
function isOfConnection(error: unknown, course: Course): error is ConnectionLostError | ConnectError {
  // A pooler without a server connection to give has waited long enough.
  if (error instanceof ConnectionLostError) return !error.reason.includes("query_wait_timeout");
  return error instanceof ConnectError && error.mayHeal && !course.hasAnswered;
}

function mayRunAgain(
  { sqlState }: ConnectionLostError,
  running: string | undefined,
  lostIn: Set<string>,
): boolean {
  if (running === undefined) return true;
  if (lostIn.has(running) || WOULD_END_AGAIN.includes(sqlState)) return false;
  lostIn.add(running);
  return true;
}
