import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/** Without the bearer token the answer is that of a path that does not exist. */
export function hiddenWithout(token: string): MiddlewareHandler {
  const expected = digest(`Bearer ${token}`);
  return async (c, next) => {
    // Digests have one length, which is what timingSafeEqual asks for.
    const isAllowed = timingSafeEqual(digest(c.req.header("Authorization") ?? ""), expected);
    return isAllowed ? await next() : c.json({ detail: "Not Found" }, 404);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
