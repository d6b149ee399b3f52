import { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import type { Database } from "wellhead";
import { addDebugRoutes } from "./debug/index.ts";
import { addHealthRoutes, type HealthServices } from "./health/index.ts";
import {
  answerError,
  answerNoRoute,
  crossOrigin,
  identifyClient,
  problems,
  refuseInvalidInput,
  requestLog,
  securityHeaders,
} from "./http/index.ts";
import { addMetricsRoute, createMetrics, traced, traceDatabase, traceRequests } from "./operation/index.ts";
import { addPages } from "./pages/index.ts";
import {
  addUsersRoutes,
  countUsers,
  createHashQueue,
  createPasswordHasher,
  type HashQueue,
  type HashQueueOptions,
  type PasswordRules,
} from "./users/index.ts";

export interface AppOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly health: HealthServices;
  readonly passwords: PasswordRules;
  readonly hashQueue: HashQueueOptions;
  /** Whether `/debug` is there, and for whom: nobody, everybody, or whoever brings the token. */
  readonly debug: Access;
  /** The same for `/metrics`. */
  readonly metrics: Access;
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly docs: boolean;
  /** How many proxies stand in front, whose headers are believed; 0 none. */
  readonly trustProxy: number;
  /** Origins of other sites whose pages may use a user's cookie. */
  readonly allowedOrigins: readonly string[];
}

/** Who may see what is not for everybody: nobody, everybody, or whoever brings the bearer token. */
export type Access =
  | { readonly kind: "off" }
  | { readonly kind: "open" }
  | { readonly kind: "token"; readonly token: string };

/**
 * Joins the routes to one app. It has no port: its `fetch` goes under any server that speaks `Request` and `Response`.
 *
 * @example
 * const app = createApp({ database, log, … });
 * const answer = await app.fetch(new Request("http://localhost/healthz"));
 */
export function createApp(options: AppOptions): OpenAPIHono {
  const { allowedOrigins, debug, docs, hashQueue, health, log, passwords, trustProxy } = options;
  const database = traceDatabase(options.database);
  const metrics = options.metrics.kind === "off" ? undefined : createMetrics({ database, health });
  const app = new OpenAPIHono({ defaultHook: refuseInvalidInput });
  if (metrics !== undefined) app.use(metrics.countRequests);
  app.use(
    traceRequests(),
    requestLog(log),
    problems(),
    identifyClient({ trustProxy }),
    securityHeaders(),
    crossOrigin(allowedOrigins),
  );
  app.onError(answerError);
  app.notFound(answerNoRoute(app));

  const queue = createHashQueue(hashQueue, metrics?.hashes);
  const hashInTurn: HashQueue = async (work) =>
    await traced("password hash", {}, async () => await queue(work));
  addUsersRoutes(app, {
    database,
    rules: passwords,
    hashPassword: createPasswordHasher(passwords.scheme, hashInTurn),
  });
  addHealthRoutes(app, health);
  if (debug.kind !== "off") {
    addDebugRoutes(app, { token: tokenOf(debug), countUsers: async () => await countUsers(database) });
  }
  if (metrics !== undefined) addMetricsRoute(app, metrics, tokenOf(options.metrics));
  addPages(app, { hasDocs: docs });
  return app;
}

function tokenOf(access: Access): string | undefined {
  return access.kind === "token" ? access.token : undefined;
}
