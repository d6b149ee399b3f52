import {
  readDatabaseState,
  WellheadError,
  type Database,
  type Session,
  type VersionTableOptions,
} from "wellhead";
import type { RevisionGraph } from "wellhead/graph";

/** How long the database may take to answer, in milliseconds; a platform's own probe waits for some seconds. */
const TIMEOUT_MS = 2_000;

export interface ReadinessOptions {
  readonly database: Database;
  readonly graph: RevisionGraph;
  /** The ids that the database has to stand at, or beyond. */
  readonly expected: readonly string[];
  /** The table that registrations are written to. */
  readonly table: string;
  /** Where the database keeps its versions; default: Alembic's table. */
  readonly versionTable?: VersionTableOptions;
}

/** What each check found, in one word; never an inner message. */
export interface ReadinessChecks {
  readonly database: "ok" | "unavailable";
  readonly writes: "ok" | "read-only" | "unknown";
  /** `ahead`: a newer release has migrated the database, and this one is still to be replaced. */
  readonly revision: "ok" | "ahead" | "behind" | "unknown";
  /** `missing`: no such table on the search path, or no right to write to it, whatever the versions say. */
  readonly users: "ok" | "missing" | "unknown";
}

/** Asks whether requests can be served. */
export type CheckReadiness = () => Promise<ReadinessChecks>;

/**
 * Whether the database answers, accepts writes, stands at its target and has the users' table, in one round trip. All who ask while one
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
  const { database, writes, revision, users } = checks;
  return [database, writes, users].every((found) => found === "ok") && ["ok", "ahead"].includes(revision);
}

const UNAVAILABLE: ReadinessChecks = {
  database: "unavailable",
  writes: "unknown",
  revision: "unknown",
  users: "unknown",
};

async function check(options: ReadinessOptions): Promise<ReadinessChecks> {
  const { database, graph, expected, table, versionTable = {} } = options;
  try {
    const [state, isThere] = await database.withSession(
      async (session) =>
        await Promise.all([readDatabaseState(session, versionTable), canWriteTo(session, table)]),
    );
    return {
      database: "ok",
      writes: state.readOnly === undefined ? "ok" : "read-only",
      revision: whereItStands(graph, state.versions, expected),
      users: isThere ? "ok" : "missing",
    };
  } catch {
    return UNAVAILABLE;
  }
}

/** A stamp moves the versions and makes no table. */
async function canWriteTo(session: Session, table: string): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>(
    "SELECT coalesce(has_table_privilege(to_regclass($1), 'INSERT'), false) AS there",
    [table],
  );
  return row?.there === true;
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
