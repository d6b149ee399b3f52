import type { OpenAPIHono } from "@hono/zod-openapi";
import { describeApi } from "../http/index.ts";
import { docsPage } from "./docs-page.ts";
import { homePage } from "./home-page.ts";
import { sendPage } from "./page.ts";

export interface PagesOptions {
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly hasDocs: boolean;
}

/** Adds `GET /`, `GET /docs` and `GET /openapi.json`; the last two describe the routes that were added before. */
export function addPages(app: OpenAPIHono, { hasDocs }: PagesOptions): void {
  const document = describeApi(app);
  app.get("/", async (c) => await sendPage(c, document.info.title, homePage({ hasDocs })));
  if (!hasDocs) return;
  app.get("/docs", async (c) => await sendPage(c, document.info.title, docsPage(document)));
  app.get("/openapi.json", (c) => c.json(document));
}
