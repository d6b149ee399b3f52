import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { describePasswordRules, type PasswordRules } from "../users/index.ts";

/** How long a browser goes on with what it has, in seconds. */
const MAX_AGE = 3600;

/**
 * Adds `GET /password-rules`: the rules that registration judges by, as data, the list of common passwords with them.
 * The page's script judges by them while a password is typed, and no password need leave the browser for it.
 */
export function addPasswordRules(app: OpenAPIHono, rules: PasswordRules): void {
  // Made when it is asked for first: 10 ms that a server without visitors need not spend.
  let made: ReturnType<typeof make> | undefined;
  app.get("/password-rules", (c) => {
    made ??= make(rules);
    const headers = {
      "Cache-Control": `public, max-age=${MAX_AGE}`,
      ETag: made.tag,
      Vary: "Accept-Encoding",
    };
    if (c.req.header("If-None-Match") === made.tag) return c.body(null, 304, headers);
    const type = { ...headers, "Content-Type": "application/json" };
    if (!/\bgzip\b/.test(c.req.header("Accept-Encoding") ?? "")) return c.body(made.text, 200, type);
    return c.body(made.zipped, 200, { ...type, "Content-Encoding": "gzip" });
  });
}

function make(rules: PasswordRules) {
  const text = JSON.stringify(describePasswordRules(rules));
  const digest = createHash("sha256").update(text).digest("base64url");
  // Weak: the text is the same, zipped or not.
  return { text, zipped: new Uint8Array(gzipSync(text)), tag: `W/"${digest.slice(0, 22)}"` };
}
