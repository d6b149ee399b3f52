import type { OpenAPIHono } from "@hono/zod-openapi";
import { hiddenWithout } from "../http/index.ts";
import type { Metrics } from "./metrics.ts";

/** Adds `GET /metrics`, in Prometheus' text format; for those who bring the token, where there is one. */
export function addMetricsRoute(app: OpenAPIHono, metrics: Metrics, token: string | undefined): void {
  if (token !== undefined) app.use("/metrics", hiddenWithout(token));
  app.get("/metrics", async (c) => {
    const text = await metrics.text();
    return c.body(text, 200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" });
  });
}
