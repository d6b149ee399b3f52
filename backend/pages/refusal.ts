import type { Context, MiddlewareHandler } from "hono";
import { html } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { sendPage, type Html } from "./page.ts";

/**
 * Puts what a form was refused for before it was read into a page, for a browser that shows the answer itself. Without
 * JavaScript it would show the API's JSON; the page's script and other clients get that as before.
 */
export function refuseWithPage(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.error === undefined || !isShown(c)) return;
    const status = c.res.status as ContentfulStatusCode;
    c.res = await sendPage(c, {
      title: "That form was not taken",
      body: refusalPage(REASONS[status] ?? "Something went wrong on the server. Try again in a moment."),
      kind: "account",
      status,
    });
  };
}

function isShown(c: Context): boolean {
  return /\btext\/html\b/i.test(c.req.header("Accept") ?? "");
}

const REASONS: Readonly<Record<number, string>> = {
  400: "The form did not arrive whole. Send it again.",
  403: "It was sent from another site. Open our own page and send it from there.",
  413: "That is more text than a form like this can take.",
  415: "It did not come as a form of a page. Open our own page and send it from there.",
  422: "The form could not be read. Open the page again and send it from there.",
  503: "The server is busy or its database is away. Try again in a moment.",
};

function refusalPage(reason: string): Html {
  return html`<main>
    <h1>That form was not taken</h1>
    <p class="message" role="alert">${reason}</p>
    <p><a href="./">Back to the page</a></p>
  </main>`;
}
