import { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import type { Database } from "wellhead";
import { withDeadline } from "./db/index.ts";
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
import { createRateLimits } from "./limits/index.ts";
import { addMetricsRoute, createMetrics, traced, traceDatabase, traceRequests } from "./operation/index.ts";
import { addPages } from "./pages/index.ts";
import { addSessionsRoutes, createSignIn, type SessionOptions, type SignInLimits } from "./sessions/index.ts";
import {
  addUsersRoutes,
  countUsers,
  createHashQueue,
  createIdempotencyKeys,
  createPasswordHasher,
  type HashQueue,
  type HashQueueOptions,
  type PasswordRules,
  type RegistrationOptions,
} from "./users/index.ts";

export interface AppOptions {
  readonly database: Database;
  /** How long a statement or a transaction may take until its request is answered 503. */
  readonly databaseTimeoutMs: number;
  readonly log: Logger;
  readonly health: HealthServices;
  readonly passwords: PasswordRules;
  readonly hashQueue: HashQueueOptions;
  readonly registration: RegistrationOptions;
  readonly sessions: SessionOptions;
  readonly signInLimits: SignInLimits;
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
  const { allowedOrigins, debug, docs, health, log, registration, sessions, signInLimits, trustProxy } =
    options;
  const database = withDeadline(traceDatabase(options.database), options.databaseTimeoutMs);
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

  const queue = createHashQueue(options.hashQueue, metrics?.hashes);
  const hashInTurn: HashQueue = async (work) =>
    await traced("password hash", {}, async () => await queue(work));
  const passwords = createPasswordHasher(options.passwords.scheme, hashInTurn);
  const limits = createRateLimits(database);
  addUsersRoutes(app, {
    database,
    passwords,
    limits,
    idempotencyKeys: createIdempotencyKeys(database, passwords),
    registration,
    rules: options.passwords,
  });
  addSessionsRoutes(app, {
    database,
    sessions,
    allowedOrigins,
    signIn: createSignIn({ database, passwords, limits, sessions, signInLimits }),
  });
  addHealthRoutes(app, health);
  if (debug.kind !== "off") {
    addDebugRoutes(app, { token: tokenOf(debug), countUsers: async () => await countUsers(database) });
  }
  if (metrics !== undefined) addMetricsRoute(app, metrics, tokenOf(options.metrics));
  addPages(app, { rules: options.passwords, docs, allowedOrigins });
  return app;
}

function tokenOf(access: Access): string | undefined {
  return access.kind === "token" ? access.token : undefined;
}
