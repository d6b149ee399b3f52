import { collectDefaultMetrics, Gauge, Histogram, Registry, Counter } from "prom-client";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Database } from "wellhead";
import type { HealthServices } from "../health/index.ts";
import type { HashQueueObserver } from "../users/index.ts";

export interface MetricsOptions {
  readonly database: Database;
  /** Asked whether the database answers when the numbers are asked for. */
  readonly health: Pick<HealthServices, "checkReadiness">;
}

/** The numbers of one app, as Prometheus reads them. */
export interface Metrics {
  /** Counts every request, by its route: a path that is no route would make endless series. */
  readonly countRequests: MiddlewareHandler;
  readonly hashes: HashQueueObserver;
  readonly contentType: string;
  readonly text: () => Promise<string>;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** From an answer out of memory to a hash at the end of a long queue, in seconds. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Collects the numbers; a registry of its own, so that several apps can stand in one process. */
export function createMetrics({ database, health }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const metric of databaseMetrics(database, health)) registry.registerMetric(metric);
  return {
    countRequests: countRequests(registers),
    hashes: hashMetrics(registers),
    contentType: registry.contentType,
    text: async () => await registry.metrics(),
  };
}

function countRequests(registers: Registry[]): MiddlewareHandler {
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From a request's arrival to its answer; the count is that of requests",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers,
  });
  const events = new Counter({
    name: "user_events_total",
    help: "Who came and went, and who was turned away: the events of the audit log",
    labelNames: ["event"],
    registers,
  });
  const inFlight = new Gauge({
    name: "http_requests_in_flight",
    help: "Requests that are under way",
    registers,
  });
  return async (c, next) => {
    inFlight.inc();
    c.set("countEvent", (event) => events.inc({ event }));
    const start = performance.now();
    try {
      await next();
    } finally {
      inFlight.dec();
      const method = METHODS.has(c.req.method) ? c.req.method : "other";
      const labels = { method, route: routeOf(routePath(c, -1)), status: c.res.status };
      duration.observe(labels, (performance.now() - start) / 1000);
    }
  };
}

/** What ran last is the route's handler, or where there is none a middleware of all paths. */
function routeOf(path: string): string {
  return path.endsWith("/*") ? "none" : path;
}

function hashMetrics(registers: Registry[]): HashQueueObserver {
  const waits = new Histogram({
    name: "password_hash_wait_seconds",
    help: "How long a password waited for its turn to be hashed",
    buckets: SECONDS,
    registers,
  });
  const running = new Gauge({
    name: "password_hashes_running",
    help: "Passwords that are being hashed",
    registers,
  });
  const waiting = new Gauge({
    name: "password_hashes_waiting",
    help: "Passwords that wait to be hashed",
    registers,
  });
  const refused = new Counter({
    name: "password_hashes_refused_total",
    help: "Passwords that were turned away because too many waited",
    registers,
  });
  return {
    waited: (waitedMs) => waits.observe(waitedMs / 1000),
    counted: (counts) => {
      running.set(counts.running);
      waiting.set(counts.waiting);
    },
    refused: () => refused.inc(),
  };
}

/** Read at the moment when somebody asks. */
function databaseMetrics(database: Database, { checkReadiness }: MetricsOptions["health"]): readonly Gauge[] {
  const registers: Registry[] = [];
  const sessions = new Gauge({
    name: "database_sessions",
    help: "Sessions of the database by what becomes of them; waiting: those who wait for one",
    labelNames: ["state"],
    registers,
    collect() {
      const { idle, inUse, waiting } = database.sessions;
      this.set({ state: "in_use" }, inUse);
      this.set({ state: "idle" }, idle);
      this.set({ state: "waiting" }, waiting);
    },
  });
  const max = new Gauge({ name: "database_sessions_max", help: "Sessions at most", registers });
  max.set(database.maxSessions);
  const up = new Gauge({
    name: "database_up",
    help: "1 when the database answers",
    registers,
    async collect() {
      this.set((await checkReadiness()).database === "ok" ? 1 : 0);
    },
  });
  return [sessions, max, up];
}
