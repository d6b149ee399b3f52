import type { OpenAPIHono } from "@hono/zod-openapi";
import type { NotFoundHandler } from "hono";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The answer where no route is: 405 and the methods that there are, or 404. */
export function answerNoRoute(app: OpenAPIHono): NotFoundHandler {
  return (c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0) return c.json({ detail: "Not Found" }, 404);
    return c.json({ detail: "Method Not Allowed" }, 405, { Allow: allowed.join(", ") });
  };
}

function allowedMethods(app: OpenAPIHono, path: string): readonly string[] {
  const routed = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return routed.includes("GET") ? ["GET", "HEAD", ...routed.slice(1)] : routed;
}
