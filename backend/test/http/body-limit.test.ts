import { connect } from "node:net";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { PASSWORD, postJson } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

const TOO_LARGE = { status: 413, body: { detail: "Content Too Large" } };

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url);
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

/** A registration of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const empty = JSON.stringify({ email: "limit@example.com", password: PASSWORD, extra: "" });
  return JSON.stringify({
    email: "limit@example.com",
    password: PASSWORD,
    extra: "x".repeat(bytes - empty.length),
  });
}

test("16 KiB are read, one byte more is not", async () => {
  expect((await postJson(app.url, bodyOf(16 * 1024))).status).toBe(201);
  expect(await postJson(app.url, bodyOf(16 * 1024 + 1))).toMatchObject(TOO_LARGE);
});

test("a body that does not tell its length is counted while it comes", async () => {
  const chunks = ReadableStream.from(
    Array.from({ length: 20 }, () => new TextEncoder().encode(" ".repeat(1024))),
  );
  const response = await fetch(`${app.url}/auth/register`, {
    method: "POST",
    body: chunks,
    headers: { "Content-Type": "application/json" },
    duplex: "half",
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual(TOO_LARGE.body);
});

test.each([
  ["in chunks without end", "Transfer-Encoding: chunked"],
  ["of a length beyond measure", "Content-Length: 1000000000000"],
])("of a body %s the server soon reads no more", async (_, header) => {
  const { port } = new URL(app.url);
  const socket = connect(Number(port), "localhost");
  socket.on("error", () => undefined);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
  socket.write(
    `POST /auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
  );
  const chunk = header.startsWith("Transfer") ? `400\r\n${" ".repeat(1024)}\r\n` : " ".repeat(1024);
  const sending = setInterval(() => socket.write(chunk.repeat(16)), 5);
  await once(socket, "close");
  clearInterval(sending);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test("a client that goes away in the middle of its body disturbs nobody", async () => {
  const { port } = new URL(app.url);
  const socket = connect(Number(port), "localhost");
  socket.write(
    "POST /auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  await once(socket, "connect");
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await expect.poll(() => app.logged.find(({ status }) => status === 400)).toMatchObject({ msg: "request" });
  expect(app.logged.filter(({ level }) => level === "error")).toEqual([]);
});
