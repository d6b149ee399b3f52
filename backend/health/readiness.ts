import { readDatabaseState, WellheadError, type Database, type VersionTableOptions } from "wellhead";
import type { RevisionGraph } from "wellhead/graph";

/** How long the database may take to answer, in milliseconds; a platform's own probe waits for some seconds. */
const TIMEOUT_MS = 2_000;

export interface ReadinessOptions {
  readonly database: Database;
  readonly graph: RevisionGraph;
  /** The ids that the database has to stand at, or beyond. */
  readonly expected: readonly string[];
  /** Where the database keeps its versions; default: Alembic's table. */
  readonly versionTable?: VersionTableOptions;
}

/** What each check found, in one word; never an inner message. */
export interface ReadinessChecks {
  readonly database: "ok" | "unavailable";
  readonly writes: "ok" | "read-only" | "unknown";
  /** `ahead`: a newer release has migrated the database, and this one is still to be replaced. */
  readonly revision: "ok" | "ahead" | "behind" | "unknown";
}

/** Asks whether requests can be served. */
export type CheckReadiness = () => Promise<ReadinessChecks>;

/**
 * Whether the database answers, accepts writes and stands at its target, in one round trip. All who ask while one
 * answer is under way share it, so that probes cannot wear the database out.
 */
export function createReadiness(options: ReadinessOptions): CheckReadiness {
  let underWay: Promise<ReadinessChecks> | undefined;
  return async () => {
    underWay ??= check(options).finally(() => (underWay = undefined));
    return await within(TIMEOUT_MS, underWay, UNAVAILABLE);
  };
}

export function isReady(checks: ReadinessChecks): boolean {
  return checks.database === "ok" && checks.writes === "ok" && ["ok", "ahead"].includes(checks.revision);
}

const UNAVAILABLE: ReadinessChecks = { database: "unavailable", writes: "unknown", revision: "unknown" };

async function check(options: ReadinessOptions): Promise<ReadinessChecks> {
  const { database, graph, expected, versionTable = {} } = options;
  try {
    const state = await database.withSession(
      async (session) => await readDatabaseState(session, versionTable),
    );
    return {
      database: "ok",
      writes: state.readOnly === undefined ? "ok" : "read-only",
      revision: whereItStands(graph, state.versions, expected),
    };
  } catch {
    return UNAVAILABLE;
  }
}

function whereItStands(
  graph: RevisionGraph,
  versions: readonly string[],
  expected: readonly string[],
): ReadinessChecks["revision"] {
  try {
    return expected.every((id) => graph.planUpgrade({ from: versions, to: id }).length === 0)
      ? "ok"
      : "behind";
  } catch (error) {
    if (error instanceof WellheadError && error.code === "E_REVISION_NOT_FOUND") return "ahead";
    throw error;
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, otherwise);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
