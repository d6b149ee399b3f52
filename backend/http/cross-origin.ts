import type { Context } from "hono";
import { CrossOriginError } from "./errors.ts";

/**
 * Refuses a request that a page of another site has made a browser send, with the user's cookie. `Sec-Fetch-Site` is
 * what a browser says of it; an older one tells the `Origin`; who sends neither is no browser.
 *
 * @throws {CrossOriginError} `E_CROSS_ORIGIN`, 403
 */
export function refuseCrossOrigin(c: Context, allowedOrigins: readonly string[]): void {
  const origin = c.req.header("Origin");
  if (origin !== undefined && allowedOrigins.includes(origin)) return;
  const site = c.req.header("Sec-Fetch-Site");
  const isOurs =
    site === undefined
      ? origin === undefined || isSameHost(c, origin)
      : ["same-origin", "none"].includes(site);
  if (!isOurs) throw new CrossOriginError();
}

/** By the host alone: behind a proxy the scheme that we see is not the browser's. */
function isSameHost(c: Context, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === (c.req.header("Host") ?? new URL(c.req.url).host);
}
