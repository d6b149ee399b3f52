import { ConnectionLostError } from "../database/index.ts";
import { ScratchEndedError } from "./errors.ts";
import { openEmbeddedScratch } from "./embedded-scratch.ts";
import type { Scratch, ScratchOptions } from "./scratch.ts";
import { openServerScratch } from "./server-scratch.ts";

/**
 * Opens an empty scratch database: an embedded Postgres in a thread of its own (0.4 to 0.7 s), or with `serverUrl` a
 * new database on a real server. Close it in a `finally`.
 *
 * @throws {ConnectError} `E_DB_CONNECT_…` when the server does not answer
 * @throws {ScratchEndedError} `E_INTERRUPTED` from whatever is asked of it when `signal` is aborted
 * @throws {ScratchServerError} `E_SCRATCH_SERVER` when no database can be made there
 *
 * @example
 * const scratch = await openScratch();
 * try {
 *   await scratch.database.withSession((session) => session.run("CREATE TABLE t (n int)"));
 * } finally {
 *   await scratch.close();
 * }
 */
export async function openScratch(options: ScratchOptions = {}): Promise<Scratch> {
  const { serverUrl, signal } = options;
  const scratch =
    serverUrl === undefined
      ? await openEmbeddedScratch(options)
      : await openServerScratch(serverUrl, options);
  return signal === undefined ? scratch : toldOfItsEnd(scratch, signal);
}

/** What fails because the signal has ended the database says so. */
function toldOfItsEnd(scratch: Scratch, signal: AbortSignal): Scratch {
  const { database } = scratch;
  const telling = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw signal.aborted && error instanceof ConnectionLostError ? new ScratchEndedError(error) : error;
    }
  };
  return {
    ...scratch,
    database: {
      maxSessions: database.maxSessions,
      isEmbedded: database.isEmbedded,
      get sessions() {
        return database.sessions;
      },
      withSession: async (work, how) => await telling(async () => await database.withSession(work, how)),
      transaction: async (work, how) => await telling(async () => await database.transaction(work, how)),
      write: async (...statement) => await telling(async () => await database.write(...statement)),
      close: async () => await database.close(),
    },
    copy: async () => toldOfItsEnd(await telling(async () => await scratch.copy()), signal),
  };
}
