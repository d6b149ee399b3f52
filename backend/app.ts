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
import { addPages } from "./pages/index.ts";
import {
  addUsersRoutes,
  countUsers,
  createHashQueue,
  createPasswordHasher,
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
  readonly debug:
    | { readonly kind: "off" }
    | { readonly kind: "open" }
    | { readonly kind: "token"; readonly token: string };
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly docs: boolean;
  /** How many proxies stand in front, whose headers are believed; 0 none. */
  readonly trustProxy: number;
  /** Origins of other sites whose pages may use a user's cookie. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Joins the routes to one app. It has no port: its `fetch` goes under any server that speaks `Request` and `Response`.
 *
 * @example
 * const app = createApp({ database, log, … });
 * const answer = await app.fetch(new Request("http://localhost/healthz"));
 */
export function createApp(options: AppOptions): OpenAPIHono {
  const { allowedOrigins, database, debug, docs, hashQueue, health, log, passwords, trustProxy } = options;
  const app = new OpenAPIHono({ defaultHook: refuseInvalidInput });
  app.use(
    requestLog(log),
    problems(),
    identifyClient({ trustProxy }),
    securityHeaders(),
    crossOrigin(allowedOrigins),
  );
  app.onError(answerError);
  app.notFound(answerNoRoute(app));

  addUsersRoutes(app, {
    database,
    rules: passwords,
    hashPassword: createPasswordHasher(passwords.scheme, createHashQueue(hashQueue)),
  });
  addHealthRoutes(app, health);
  if (debug.kind !== "off") {
    const token = debug.kind === "token" ? debug.token : undefined;
    addDebugRoutes(app, { token, countUsers: async () => await countUsers(database) });
  }
  addPages(app, { hasDocs: docs });
  return app;
}
