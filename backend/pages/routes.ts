import type { OpenAPIHono } from "@hono/zod-openapi";
import { describeApi } from "../http/index.ts";
import { docsPage } from "./docs-page.ts";
import { homePage } from "./home-page.ts";
import { sendPage } from "./page.ts";

/** Adds `GET /`, `GET /docs` and `GET /openapi.json`; the last two describe the routes that were added before. */
export function addPages(app: OpenAPIHono): void {
  const document = describeApi(app);
  app.get("/", async (c) => await sendPage(c, document.info.title, homePage()));
  app.get("/docs", async (c) => await sendPage(c, document.info.title, docsPage(document)));
  app.get("/openapi.json", (c) => c.json(document));
}
