import { html } from "hono/html";
import type { Html } from "./page.ts";

/** What greets a browser at the root. */
export function homePage({ hasDocs }: { readonly hasDocs: boolean }): Html {
  return html`<p>This backend is running. It registers users: <code>POST /auth/register</code>.</p>
    <ul>
      ${
        hasDocs &&
        html`<li>
          <a href="docs">What it answers</a>, and the same as <a href="openapi.json">openapi.json</a>
        </li>`
      }
      <li><a href="healthz">Whether it is alive</a></li>
      <li><a href="readyz">Whether it can serve</a></li>
    </ul>`;
}
