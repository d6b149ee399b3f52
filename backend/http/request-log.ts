import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";

declare module "hono" {
  interface ContextVariableMap {
    /** The log of this request: each line carries the request's id. */
    log: Logger;
    requestId: string;
    /** The trace that the request belongs to, where somebody collects traces. */
    traceId: string | undefined;
  }
}

/** An id that a proxy in front may have given; anything else could forge lines. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** What platforms ask for all day long. */
const PROBES = new Set(["/healthz", "/readyz"]);

/**
 * Gives each request an id, its own or the proxy's (`X-Request-Id`), answers with it, and writes one line when it is
 * done: method, path without the query, status, duration. Never a header or a body.
 */
export function requestLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const given = c.req.header("X-Request-Id") ?? "";
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    const traceId = c.get("traceId");
    const requestLog = log.child({ requestId, ...(traceId !== undefined && { traceId }) });
    c.set("log", requestLog);
    c.set("requestId", requestId);
    const start = performance.now();
    await next();
    c.res.headers.set("X-Request-Id", requestId);
    const durationMs = Math.round((performance.now() - start) * 10) / 10;
    const line = { method: c.req.method, path: c.req.path, status: c.res.status, durationMs };
    requestLog[PROBES.has(c.req.path) ? "debug" : "info"](line, "request");
  };
}
