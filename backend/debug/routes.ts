import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { hiddenWithout } from "../http/index.ts";

export interface DebugServices {
  readonly countUsers: () => Promise<number>;
  /** The bearer token without which these routes do not exist; undefined: they exist for everybody. */
  readonly token: string | undefined;
}

/** Adds `GET /debug/users_count`. */
export function addDebugRoutes(app: OpenAPIHono, { countUsers, token }: DebugServices): void {
  if (token !== undefined) app.use(usersCountRoute.path, hiddenWithout(token));
  const route = { ...usersCountRoute, hide: token !== undefined };
  app.openapi(route, async (c) =>
    c.json({ count: await countUsers() }, 200, { "Cache-Control": "no-store" }),
  );
}

const usersCountRoute = createRoute({
  method: "get",
  path: "/debug/users_count",
  operationId: "usersCount",
  summary: "Count the users",
  tags: ["debug"],
  responses: {
    200: {
      description: "How many users there are.",
      content: { "application/json": { schema: z.object({ count: z.int() }).openapi("UsersCount") } },
    },
    503: { description: "The database is away; try again." },
  },
});
