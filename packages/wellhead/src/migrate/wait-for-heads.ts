import { ConnectError, ConnectionLostError, type Database } from "../database/index.ts";
import type { RevisionGraph } from "../graph/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import { databaseExists } from "./database-exists.ts";
import { readDatabaseState } from "./database-state.ts";
import { loadMigrations } from "./migrations.ts";
import { pause } from "./pause.ts";
import type { StatusOptions } from "./status.ts";
import { NotAtHeadsError } from "./versions-errors.ts";
import { migrationTarget, withDatabase } from "./with-database.ts";

const FIRST_POLL_MS = 100;
const SLOWEST_POLL_MS = 2_000;
const TELL_EVERY_MS = 5_000;

/** What to wait for, and for how long. */
export interface WaitForHeadsOptions extends StatusOptions {
  /** How long to wait, in milliseconds, the time to connect included; default 300,000; 0 looks once. */
  readonly timeoutMs?: number;
  /** Heads that another revision depends on need no row of their own; default true. */
  readonly resolveDependencies?: boolean;
  /** Told when the wait begins and then about every 5 seconds. */
  readonly onWait?: (event: WaitForHeadsEvent) => void;
}

/** The wait, as it is told while it lasts. */
export interface WaitForHeadsEvent {
  /** Why it is not so yet. */
  readonly reason: string;
  readonly waitedMs: number;
  readonly timeoutMs: number;
}

/**
 * Waits until the database stands at all heads: for a replica that must not migrate itself. A server is asked over
 * one connection, less and less often, and one that goes away meanwhile is waited for too; the embedded Postgres is
 * let go between two looks, for whoever migrates it. Resolves to the versions.
 *
 * @throws {NotAtHeadsError} `E_NOT_AT_HEADS` after the time
 * @throws {WellheadError} the last failure, when the database could not be asked at that time
 *
 * @example
 * await waitForHeads({ migrations: "migrations", timeoutMs: 60_000 });
 */
export async function waitForHeads(options: WaitForHeadsOptions): Promise<readonly string[]> {
  const { graph } = loadMigrations(options.migrations);
  const { timeoutMs = 300_000, resolveDependencies = true } = options;
  const look = async (database: Database): Promise<readonly string[]> => {
    const { versions } = await database.withSession(async (session) => readDatabaseState(session, options));
    return assertAtHeads(graph, versions, { resolveDependencies });
  };
  const begun = performance.now();
  const isShared = options.database !== undefined || migrationTarget(options).driver !== "pglite";
  if (isShared) {
    const connecting = { ...options, connectTimeoutMs: timeoutMs };
    return await withDatabase(connecting, async (database) =>
      poll(async () => await look(database), begun, options),
    );
  }
  const lookInto = async (): Promise<readonly string[]> =>
    databaseExists(options)
      ? await withDatabase(options, look)
      : assertAtHeads(graph, [], { resolveDependencies });
  return await poll(lookInto, begun, options);
}

/**
 * Alembic's rule: the rows are the heads. A head that another revision depends on never has a row, so where there are
 * such heads the rule holds for no database; `resolveDependencies` leaves them out.
 *
 * @throws {NotAtHeadsError} `E_NOT_AT_HEADS`
 * @throws {WellheadError} `E_REVISION_NOT_FOUND` for a version that no file declares
 */
export function assertAtHeads(
  graph: RevisionGraph,
  versions: readonly string[],
  { resolveDependencies }: { readonly resolveDependencies: boolean },
): readonly string[] {
  const missing = graph.heads({ resolveDependencies }).filter((head) => !versions.includes(head));
  if (missing.length === 0) return versions;
  const current = graph.current(versions);
  const covered = missing.filter((head) => current.includes(head));
  throw new NotAtHeadsError(versions, missing, covered);
}

/** Looks until it is so; each failure that time can heal is a reason to look again. */
async function poll<T>(
  look: () => Promise<T>,
  begun: number,
  { timeoutMs = 300_000, onWait, signal }: WaitForHeadsOptions,
): Promise<T> {
  let told = -Infinity;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS)) {
    try {
      return await look();
    } catch (error) {
      const waitedMs = performance.now() - begun;
      if (!mayHeal(error) || waitedMs >= timeoutMs) throw error;
      if (waitedMs - told >= TELL_EVERY_MS) {
        told = waitedMs;
        onWait?.({ reason: error.message, waitedMs, timeoutMs });
      }
      await pause(Math.min(pollMs * (0.75 + Math.random() / 2), timeoutMs - waitedMs), signal);
    }
  }
}

/** Not there yet; a version newer than these files; a server that restarts; a folder that another process migrates. */
function mayHeal(error: unknown): error is WellheadError {
  if (error instanceof ConnectionLostError || error instanceof ConnectError) return true;
  return (
    error instanceof WellheadError &&
    ["E_NOT_AT_HEADS", "E_REVISION_NOT_FOUND", "E_DB_EMBEDDED_IN_USE"].includes(error.code)
  );
}
