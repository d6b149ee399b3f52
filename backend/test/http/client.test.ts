import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";

import { identifyClient, requestLog, type Client } from "../../http/index.ts";
import { createLog } from "../../logs.ts";

/** What an app behind so many proxies makes of a request that came over a connection from `socket`. */
async function identify(
  trustProxy: number,
  headers: Record<string, string>,
  socket?: string,
): Promise<{ client: Client; logged: readonly string[] }> {
  const logged: string[] = [];
  const app = new OpenAPIHono();
  app.use(
    requestLog(createLog("warn", { write: (line) => logged.push(line) })),
    identifyClient({ trustProxy }),
  );
  app.get("/", (c) => c.json(c.get("client")));
  const env = socket === undefined ? undefined : { incoming: { socket: { remoteAddress: socket } } };
  const answer = await app.fetch(new Request("http://localhost/", { headers }), env);
  return { client: (await answer.json()) as Client, logged };
}

test.each([
  [0, "203.0.113.9", "10.0.0.1", "10.0.0.1"],
  [0, "203.0.113.9", "::ffff:192.0.2.7", "192.0.2.7"],
  [0, "203.0.113.9", undefined, undefined],
  [1, "203.0.113.9", "10.0.0.1", "203.0.113.9"],
  [1, "6.6.6.6, 203.0.113.9", "10.0.0.1", "203.0.113.9"],
  [2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"],
  [3, "203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"],
  [1, "203.0.113.9", undefined, "203.0.113.9"],
  [1, "203.0.113.9:4711", "10.0.0.1", "203.0.113.9"],
  [1, "[2001:DB8::7]:4711", "10.0.0.1", "2001:db8::7"],
  [1, "2001:db8::7", "10.0.0.1", "2001:db8::7"],
  [1, "unknown", "10.0.0.1", undefined],
  [1, "", "10.0.0.1", "10.0.0.1"],
] as const)("behind %i proxies, X-Forwarded-For %j over %s is %s", async (proxies, list, socket, address) => {
  expect((await identify(proxies, { "X-Forwarded-For": list }, socket)).client.address).toBe(address);
});

test("TLS is what the proxy says that is trusted, and none says it otherwise", async () => {
  const secure = { "X-Forwarded-Proto": "https" };
  expect((await identify(0, secure)).client.isSecure).toBe(false);
  expect((await identify(1, secure)).client.isSecure).toBe(true);
  expect((await identify(1, { "X-Forwarded-Proto": "https, http" })).client.isSecure).toBe(false);
  expect((await identify(2, { "X-Forwarded-Proto": "https, http" })).client.isSecure).toBe(true);
});

test("a proxy that was not told of is told of in the log, without its header", async () => {
  const { logged } = await identify(0, { "X-Forwarded-For": "203.0.113.9" });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("TRUST_PROXY");
  expect(logged[0]).not.toContain("203.0.113.9");
  expect((await identify(1, { "X-Forwarded-For": "203.0.113.9" })).logged).toEqual([]);
});
