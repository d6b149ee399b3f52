import type { OpenAPIHono } from "@hono/zod-openapi";
import { describeApi } from "../http/index.ts";
import type { PasswordRules } from "../users/index.ts";
import { addAccount } from "./account.ts";
import { addAssets } from "./assets.ts";
import { docsPage } from "./docs-page.ts";
import { addHome } from "./home.ts";
import { sendPage } from "./page.ts";
import { addPasswordRules } from "./password-rules.ts";
import { apiOf } from "./api.ts";

export interface PagesOptions {
  readonly rules: PasswordRules;
  /** Whether `/docs` and `/openapi.json` are there. */
  readonly docs: boolean;
  /** Origins of other sites whose pages may send our forms. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Adds the pages for people: `GET /` with its forms, `GET /account` with its own, and `GET /docs` with `/openapi.json`,
 * which describe the routes that were added before.
 */
export function addPages(app: OpenAPIHono, { rules, docs: hasDocs, allowedOrigins }: PagesOptions): void {
  const document = describeApi(app);
  const services = { ask: apiOf(app), rules, hasDocs, allowedOrigins };
  addAssets(app);
  addPasswordRules(app, rules);
  addHome(app, services);
  addAccount(app, services);
  if (!hasDocs) return;
  app.get("/docs", async (c) => {
    const { title } = document.info;
    return await sendPage(c, { title, body: docsPage(document), kind: "document" });
  });
  app.get("/openapi.json", (c) => c.json(document));
}
