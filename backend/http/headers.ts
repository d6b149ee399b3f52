import type { MiddlewareHandler } from "hono";

/** An answer of data is no page: nothing in it may run, load or be framed. A page brings a policy of its own. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** The headers of every answer, errors among them. */
export const SECURITY_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": NOTHING,
} as const;

/** A browser that has come by TLS once comes by nothing else for a year. Of other hosts of the domain we know nothing. */
const HSTS = "max-age=31536000";

/** Adds {@link SECURITY_HEADERS} to every answer that does not have them, and HSTS to those that go through TLS. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    // Not by `c.header`, which makes a new answer for each header of one that is there.
    const { headers } = c.res;
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!headers.has(name)) headers.set(name, value);
    }
    if (c.get("client").isSecure) headers.set("Strict-Transport-Security", HSTS);
  };
}
