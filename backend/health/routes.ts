import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { isReady, type CheckReadiness } from "./readiness.ts";

export interface HealthServices {
  readonly checkReadiness: CheckReadiness;
  /** Whether the process is about to end: then it takes no new work. */
  readonly isStopping: () => boolean;
}

/** Adds `GET /healthz`, which asks nobody, and `GET /readyz`, which asks the database. */
export function addHealthRoutes(app: OpenAPIHono, { checkReadiness, isStopping }: HealthServices): void {
  app.openapi(healthRoute, (c) => c.json({ status: "ok" as const }, 200, NO_STORE));
  app.openapi(readyRoute, async (c) => {
    if (isStopping()) return c.json({ status: "stopping" as const }, 503, NO_STORE);
    const checks = await checkReadiness();
    return isReady(checks)
      ? c.json({ status: "ready" as const, checks }, 200, NO_STORE)
      : c.json({ status: "unavailable" as const, checks }, 503, NO_STORE);
  });
}

const NO_STORE = { "Cache-Control": "no-store" };

const checksSchema = z.object({
  database: z.enum(["ok", "unavailable"]),
  writes: z.enum(["ok", "read-only", "unknown"]),
  revision: z.enum(["ok", "ahead", "behind", "unknown"]),
  users: z.enum(["ok", "missing", "unknown"]),
});

const healthRoute = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "health",
  summary: "Whether the process is alive",
  tags: ["health"],
  responses: {
    200: {
      description: "It is.",
      content: { "application/json": { schema: z.object({ status: z.literal("ok") }).openapi("Health") } },
    },
  },
});

const readyRoute = createRoute({
  method: "get",
  path: "/readyz",
  operationId: "readiness",
  summary: "Whether requests can be served",
  description:
    "Whether the database answers, accepts writes, stands at the revision that this release needs and has the users' table.",
  tags: ["health"],
  responses: {
    200: {
      description: "They can.",
      content: {
        "application/json": {
          schema: z.object({ status: z.literal("ready"), checks: checksSchema }).openapi("Ready"),
        },
      },
    },
    503: {
      description: "They cannot: a check does not hold, or the process is about to end.",
      content: {
        "application/json": {
          schema: z
            .object({ status: z.enum(["unavailable", "stopping"]), checks: checksSchema.optional() })
            .openapi("NotReady"),
        },
      },
    },
  },
});
