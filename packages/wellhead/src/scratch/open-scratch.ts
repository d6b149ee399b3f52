import { openEmbeddedScratch } from "./embedded-scratch.ts";
import type { Scratch, ScratchOptions } from "./scratch.ts";
import { openServerScratch } from "./server-scratch.ts";

/**
 * Opens an empty scratch database: an embedded Postgres in a thread of its own (0.4 to 0.7 s), or with `serverUrl` a
 * new database on a real server. Close it in a `finally`.
 *
 * @throws {ConnectError} `E_DB_CONNECT_…` when the server does not answer
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
  const { serverUrl } = options;
  return serverUrl === undefined
    ? await openEmbeddedScratch(options)
    : await openServerScratch(serverUrl, options);
}
