import type { Context } from "hono";
import { html } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { assetPath } from "./assets.ts";

/** Nothing but our own script and style; forms go nowhere else, and nobody may frame the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** HTML that is ready to be put into a page. */
export type Html = ReturnType<typeof html>;

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: ContentfulStatusCode;
  /** A class of the body, by which the style tells pages apart. */
  readonly kind: "forms" | "account" | "document";
}

/** Answers with a page of our own. Its links are relative, because the app may be mounted below a path. */
export async function sendPage(c: Context, { title, body, kind, status = 200 }: Page): Promise<Response> {
  c.header("Content-Security-Policy", POLICY);
  c.header("Cache-Control", "no-store");
  return await c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          <link rel="icon" href="${assetPath("icon.svg")}" type="image/svg+xml" />
          <link rel="stylesheet" href="${assetPath("page.css")}" />
          <script src="${assetPath("page.js")}" defer></script>
        </head>
        <body class="${kind}">
          ${body}
        </body>
      </html> `,
    status,
  );
}
