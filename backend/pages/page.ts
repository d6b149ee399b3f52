import { createHash } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";

const CSS = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #8884; }
th { font-weight: 600; }
`;

/** In one piece: the policy below speaks of every character between the tags. */
const STYLE = raw(`<style>${CSS}</style>`);

/** Nothing may run on a page, and nothing loads but the style that it brings. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(CSS).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** HTML that is ready to be put into a page. */
export type Html = ReturnType<typeof html>;

/** Answers with a page of our own: no script, no other host. */
export async function sendPage(c: Context, title: string, body: Html): Promise<Response> {
  c.header("Content-Security-Policy", POLICY);
  return await c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          ${STYLE}
        </head>
        <body>
          <h1>${title}</h1>
          ${body}
        </body>
      </html> `,
  );
}
