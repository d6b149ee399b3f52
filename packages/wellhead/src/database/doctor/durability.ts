import type { Database } from "../session.ts";
import { holds, type Finding } from "./checkup.ts";
import { askOne } from "./server.ts";

interface Settings extends Record<string, string> {
  readonly commit: string;
  readonly fsync: string;
  readonly pages: string;
  readonly standbys: string;
}

/**
 * What an acknowledged write is worth: what a 201 means here.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-wal.html
 */
export async function checkDurability(database: Database): Promise<Finding<true>> {
  const settings = await askOne<Settings>(
    database,
    `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS pages, current_setting('synchronous_standby_names') AS standbys`,
  );
  const { commit, fsync, pages, standbys } = settings;
  const said = `synchronous_commit=${commit}, fsync=${fsync}, full_page_writes=${pages}`;
  const weakness = weaknessOf(settings);
  if (weakness !== undefined) return holds(`${said}: ${weakness.meaning}`, weakness.hint);
  const waits = standbys !== "" && commit !== "local";
  const where = waits ? `the server's disk, and its standbys have it (${standbys})` : "the server's disk";
  return holds(
    `${said}: an acknowledged write is on ${where}`,
    waits ? "while too few of the synchronous standbys answer, every COMMIT waits" : undefined,
  );
}

function weaknessOf({ commit, fsync, pages }: Settings): { meaning: string; hint: string } | undefined {
  if (fsync === "off")
    return {
      meaning:
        commit === "off"
          ? "an acknowledged write may be lost when Postgres or its machine crashes"
          : "an acknowledged write survives a crash of Postgres, and not one of its machine",
      hint: "a power cut can lose acknowledged writes and damage the whole database: set fsync = on",
    };
  if (commit === "off")
    return {
      meaning: "an acknowledged write may still be lost when the server crashes",
      hint: "the last half second or so of acknowledged writes can go: set synchronous_commit = on",
    };
  if (pages === "off")
    return {
      meaning: "an acknowledged write is on the server's disk, unless a power cut tears a page",
      hint: "set full_page_writes = on, unless the file system writes pages as a whole (ZFS)",
    };
  return undefined;
}

/** PGlite writes every commit to its files and leaves the disk to the system. */
export async function checkEmbeddedDurability(database: Database): Promise<Finding<true>> {
  const { fsync } = await askOne<{ fsync: string }>(database, "SELECT current_setting('fsync') AS fsync");
  return holds(
    `fsync=${fsync}: an acknowledged write survives a killed process; nothing is promised for a power cut`,
  );
}
