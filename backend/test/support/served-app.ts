import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { loadMigrations, openDatabase, parseDatabaseUrl, upgrade, type Database } from "wellhead";
import { createApp, type AppOptions } from "../../app.ts";
import { createReadiness } from "../../health/index.ts";
import { createLog } from "../../logs.ts";
import { listen } from "../../start/listen.ts";
import { drain } from "../../start/stop.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

const DAY_MS = 24 * 60 * 60 * 1000;

/** The app on a port of its own, in this process. */
export interface ServedApp {
  readonly url: string;
  /** The app itself, which needs no port. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly database: Database;
  /** What it has logged, each line parsed. */
  readonly logged: readonly Record<string, unknown>[];
  /** Says that the process is about to stop. */
  stopping(): void;
  close(): Promise<void>;
}

export type ServedAppOptions = Partial<Omit<AppOptions, "database" | "health" | "log">> & {
  /** What the database is upgraded to; default heads. */
  readonly target?: string;
};

/** Opens and upgrades the database of the URL, and serves the app on it. */
export async function serveApp(databaseUrl: string, options: ServedAppOptions = {}): Promise<ServedApp> {
  const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: databaseUrl }), { maxSessions: 10 });
  await upgrade({ database, migrations: MIGRATIONS, target: options.target ?? "heads" });
  const { graph } = loadMigrations(MIGRATIONS);
  const logged: Record<string, unknown>[] = [];
  let isStopping = false;
  const app = createApp({
    database,
    log: createLog("debug", { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) }),
    health: {
      checkReadiness: createReadiness({ database, graph, expected: graph.heads(), table: "users" }),
      isStopping: () => isStopping,
    },
    databaseTimeoutMs: 10_000,
    passwords: { minLength: 8, scheme: "argon2id" },
    hashQueue: { concurrency: 2, maxWaiting: 256 },
    registration: { mode: "plain", perAddress: 0, perEmail: 0 },
    sessions: { lifetimeMs: 30 * DAY_MS, idleMs: 7 * DAY_MS },
    signInLimits: { perAddress: 0, perAccount: 0 },
    debug: { kind: "open" },
    metrics: { kind: "off" },
    docs: true,
    trustProxy: 0,
    allowedOrigins: [],
    ...options,
  });
  const server = await listen(app.fetch, 0);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    fetch: (request) => app.fetch(request),
    database,
    logged,
    stopping: () => (isStopping = true),
    close: async () => {
      await drain(server, 0);
      await database.close();
    },
  };
}
