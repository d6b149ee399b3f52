import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, newEmail, PASSWORD, postJson } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

const exporter = new InMemorySpanExporter();
const CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  own = await anyDatabase();
  app = await serveApp(own.url);
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

/** The spans of what `work` asked for, the request's first. */
async function spansOf(work: () => Promise<unknown>): Promise<readonly ReadableSpan[]> {
  exporter.reset();
  await work();
  return exporter.getFinishedSpans().toReversed();
}

test("a request is a span of its caller's trace, with its hash and its transaction below", async () => {
  const email = newEmail();
  const spans = await spansOf(
    async () =>
      await postJson(app.url, JSON.stringify({ email, password: PASSWORD }), { traceparent: CALLER }),
  );
  expect(spans[0]).toMatchObject({
    name: "POST /auth/register",
    attributes: { "http.route": "/auth/register", "http.response.status_code": 201 },
    parentSpanContext: { spanId: "b7ad6b7169203331" },
  });
  const below = spans.slice(1).map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId]);
  const { spanId } = spans[0]!.spanContext();
  expect(below).toEqual(
    expect.arrayContaining([
      ["password hash", spanId],
      ["database transaction", spanId],
    ]),
  );
  for (const span of spans) expect(span.spanContext().traceId).toBe("0af7651916cd43dd8448eb211c80319c");
  expect(JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]))).not.toMatch(
    new RegExp(`${PASSWORD}|${email}`),
  );
});

test("the log names the trace", async () => {
  await spansOf(async () => await ask(`${app.url}/nothing`, { headers: { traceparent: CALLER } }));
  expect(app.logged).toContainEqual(
    expect.objectContaining({ path: "/nothing", traceId: "0af7651916cd43dd8448eb211c80319c" }),
  );
});

test("a path that is no route names no span", async () => {
  const [span] = await spansOf(async () => await ask(`${app.url}/nothing`));
  expect(span).toMatchObject({ name: "GET", attributes: { "http.response.status_code": 404 } });
});
