import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { listen } from "../../start/listen.ts";
import { drain } from "../../start/stop.ts";

let server: Server;

beforeAll(async () => {
  const answer = async (request: Request): Promise<Response> => new Response(await request.text());
  const limits = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };
  server = await listen(answer, 0, { ...limits, keepAliveTimeout: 5_000 });
});
afterAll(async () => await drain(server, 0));

/** Sends bytes, and reads until the server closes. */
async function exchange(text: string): Promise<{ status: number; headers: Headers; body: unknown }> {
  const socket = connect((server.address() as AddressInfo).port, "localhost");
  socket.on("error", () => undefined);
  let answer = "";
  socket.setEncoding("utf8").on("data", (said: string) => (answer += said));
  socket.write(text);
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = new Headers(fields.map((field) => field.split(": ") as [string, string]));
  expect(Number(headers.get("Content-Length"))).toBe(body.length);
  return { status: Number(line.split(" ")[1]), headers, body: JSON.parse(body) as unknown };
}

const GET = "GET / HTTP/1.1\r\n";
const POST = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

test.each([
  ["is no HTTP", "hello\r\n\r\n", 400, "Bad Request"],
  ["is meant for TLS", "\u0016\u0003\u0001\r\n\r\n", 400, "Bad Request"],
  ["has a header of no form", `${GET}Host: localhost\r\nno colon\r\n\r\n`, 400, "Bad Request"],
  ["has two lengths", `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400, "Bad Request"],
  ["has a chunk of no length", `${POST}Transfer-Encoding: chunked\r\n\r\nx\r\n`, 400, "Bad Request"],
  ["has no Host", `${GET}Connection: close\r\n\r\n`, 400, "Bad Request"],
  [
    "has a head beyond measure",
    `${GET}Host: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
    431,
    "Request Header Fields Too Large",
  ],
  ["expects what is not known", `${POST}Expect: gifts\r\n\r\n`, 417, "Expectation Failed"],
  ["never ends its head", `${GET}Host: loc`, 408, "Request Timeout"],
  ["never ends its body", `${POST}Content-Length: 10\r\n\r\n{`, 408, "Request Timeout"],
])("a request that %s is answered in the form of all errors", async (_, text, status, detail) => {
  const answer = await exchange(text);
  expect(answer).toMatchObject({ status, body: { detail } });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    connection: "close",
  });
});
