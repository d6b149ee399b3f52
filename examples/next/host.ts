// Stands in for Next.js, which is large: it hands a request below /auth/ to the export of the route that is named after
// its method, as Next does. Any other host that speaks Request and Response (Bun, Deno, Hono) does it in the same way.
import { serve } from "@hono/node-server";
import * as route from "./app/auth/[...path]/route.ts";

const server = serve({ fetch: answer, port: Number(process.env["PORT"] ?? 3000) }, ({ port }) =>
  console.log(`Listening on http://localhost:${port}`),
);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/hello") return Response.json({ hello: "fetch" });
  const handlers: Record<string, unknown> = route;
  const handler = pathname.startsWith("/auth/") ? handlers[request.method] : undefined;
  if (typeof handler !== "function") return new Response("Not Found", { status: 404 });
  return await (handler as typeof route.GET)(request);
}

process.once("SIGTERM", () => server.close(() => process.exit()));
