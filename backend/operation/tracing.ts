import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type TextMapGetter,
} from "@opentelemetry/api";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { WellheadError, type Database } from "wellhead";

/*
 * Traces by OpenTelemetry's API. An SDK that the process has registered receives the spans; without one the API makes
 * nothing of them, for about a microsecond each.
 */

const NAME = "wellhead-backend";

/** How a caller's headers are read: one by one, and only those that somebody asks for. */
const HEADERS: TextMapGetter<Headers> = {
  get: (headers, name) => headers.get(name) ?? undefined,
  keys: (headers) => [...headers.keys()],
};

/** Makes a span of every request, below the one that the caller names in `traceparent`. */
export function traceRequests(): MiddlewareHandler {
  return async (c, next) => {
    const caller = propagation.extract(context.active(), c.req.raw.headers, HEADERS);
    const attributes = { "http.request.method": c.req.method, "url.path": c.req.path };
    const options = { kind: SpanKind.SERVER, attributes };
    await trace.getTracer(NAME).startActiveSpan(c.req.method, options, caller, async (span) => {
      if (span.isRecording()) c.set("traceId", span.spanContext().traceId);
      await next();
      const route = routePath(c, -1);
      if (!route.endsWith("/*")) {
        span.updateName(`${c.req.method} ${route}`);
        span.setAttribute("http.route", route);
      }
      span.setAttribute("http.response.status_code", c.res.status);
      if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
  };
}

/** The same database, with a span for all that is done on one session. */
export function traceDatabase(database: Database): Database {
  const attributes = { "db.system.name": "postgresql" };
  return {
    maxSessions: database.maxSessions,
    isEmbedded: database.isEmbedded,
    get sessions() {
      return database.sessions;
    },
    withSession: async (work, options) =>
      await traced("database session", attributes, async () => await database.withSession(work, options)),
    transaction: async (work, options) =>
      await traced("database transaction", attributes, async () => await database.transaction(work, options)),
    write: async (sql, parameters, options) =>
      await traced(
        "database transaction",
        attributes,
        async () => await database.write(sql, parameters, options),
      ),
    close: async () => await database.close(),
  };
}

/** Runs `work` in a span of its own. An error is told by its code: a message might hold what was typed. */
export async function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const kind = attributes["db.system.name"] === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT;
  return await trace.getTracer(NAME).startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function failed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute("error.type", error instanceof WellheadError ? error.code : "E_INTERNAL");
}
