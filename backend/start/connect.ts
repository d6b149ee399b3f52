import { setTimeout as sleep } from "node:timers/promises";
import {
  bannerLine,
  checkWritable,
  connectivityFailedLine,
  connectivityOkLine,
  databaseUrlWarning,
  openDatabase,
  ReadOnlyError,
  type Database,
  WellheadError,
  type DatabaseTarget,
} from "wellhead";
import { print } from "./print.ts";

export interface ConnectOptions {
  readonly target: DatabaseTarget;
  readonly connectTimeoutMs: number;
  readonly poolSize: number;
  readonly idleTimeoutMs: number;
  /** The folder that the embedded Postgres' own is relative to. */
  readonly baseFolder: string;
  readonly signal: AbortSignal;
}

/** The database did not come up, or the start was given up; why is printed. */
export class NotConnectedError extends WellheadError {
  constructor(cause: unknown) {
    super("E_NOT_CONNECTED", "The database did not come up.", {
      hint: "see the line `DB connectivity FAILED` above, or run `npx wellhead doctor`",
      cause,
    });
  }
}

/** How often a read-only database is asked again, in milliseconds. */
const WRITABLE_POLL_MS = 1_000;

/**
 * Opens the database, saying which it is and whether it answers and takes writes. One that does not yet is asked
 * again until the time is up: platforms start the app before it, and a standby may be about to become the primary.
 *
 * @throws {NotConnectedError} `E_NOT_CONNECTED` when it stays away, the reason printed, and when the signal aborts
 */
export async function connect(options: ConnectOptions): Promise<Database> {
  const { target, connectTimeoutMs, idleTimeoutMs, poolSize, baseFolder, signal } = options;
  const deadline = Date.now() + connectTimeoutMs;
  print(bannerLine(target));
  for (const code of warnings(target)) print(`warning: ${databaseUrlWarning(code)}`);
  try {
    const database = await openDatabase(target, {
      maxSessions: poolSize,
      idleTimeoutMs,
      applicationName: "wellhead-backend",
      connectTimeoutMs,
      baseFolder,
      signal,
      onRetry: ({ reason, waitMs }) =>
        print(`DB not there yet | ${reason} | again in ${(waitMs / 1000).toFixed(1)} s`),
    });
    await untilWritable(database, deadline, signal);
    print(connectivityOkLine);
    return database;
  } catch (error) {
    if (!signal.aborted) print(connectivityFailedLine(error));
    throw new NotConnectedError(error);
  }
}

function warnings(target: DatabaseTarget) {
  return target.driver === "pg" ? (target.warnings ?? []) : [];
}

async function untilWritable(database: Database, deadline: number, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      const writability = await database.withSession(checkWritable);
      if (writability.kind === "writable") return;
      if (Date.now() + WRITABLE_POLL_MS > deadline) throw new ReadOnlyError(writability.kind);
      print(`DB not there yet | ${writability.kind} | again in ${WRITABLE_POLL_MS / 1000} s`);
      await sleep(WRITABLE_POLL_MS, undefined, { signal });
    }
  } catch (error) {
    await database.close();
    throw error;
  }
}
