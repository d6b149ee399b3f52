import { createHash, timingSafeEqual } from "node:crypto";
import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";

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

/** Without the token the answer is that of a path that does not exist. */
function hiddenWithout(token: string): MiddlewareHandler {
  const expected = digest(`Bearer ${token}`);
  return async (c, next) => {
    // Digests have one length, which is what timingSafeEqual asks for.
    const isAllowed = timingSafeEqual(digest(c.req.header("Authorization") ?? ""), expected);
    return isAllowed ? await next() : c.json({ detail: "Not Found" }, 404);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
