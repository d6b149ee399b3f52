import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

/** How long a browser may remember what a preflight was told, in seconds. */
const MAX_AGE = 600;

/**
 * Lets the pages of the origins that are named read our answers and send cookies along. Any other page is answered
 * as if there were no CORS: its browser keeps the answer from it.
 */
export function crossOrigin(allowedOrigins: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...allowedOrigins],
    credentials: true,
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"],
    exposeHeaders: ["Location", "Retry-After", "X-Request-Id"],
    maxAge: MAX_AGE,
  });
  return async (c, next) => {
    if (allowedOrigins.includes(c.req.header("Origin") ?? "")) return await allow(c, next);
    await next();
    // An answer that a cache keeps must not serve a page of another origin.
    if (allowedOrigins.length > 0) c.res.headers.append("Vary", "Origin");
  };
}
