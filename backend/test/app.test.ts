import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "./support/databases.ts";
import { newEmail, PASSWORD } from "./support/requests.ts";
import { serveApp, type ServedApp } from "./support/served-app.ts";

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

function registration(
  url: string,
  body = JSON.stringify({ email: newEmail(), password: PASSWORD }),
): Request {
  return new Request(url, { method: "POST", body, headers: { "Content-Type": "application/json" } });
}

test("the app answers a Request without any port", async () => {
  expect((await app.fetch(registration("http://anywhere/auth/register"))).status).toBe(201);
  expect((await app.fetch(registration("http://anywhere/auth/register", " ".repeat(20_000)))).status).toBe(
    413,
  );
  expect((await app.fetch(new Request("http://anywhere/healthz"))).status).toBe(200);
});

test("it mounts below a path of another app", async () => {
  const outer = new Hono().get("/", (c) => c.text("outer")).mount("/accounts", app.fetch);
  expect((await outer.fetch(registration("http://anywhere/accounts/auth/register"))).status).toBe(201);
  const notAllowed = await outer.fetch(new Request("http://anywhere/accounts/auth/register"));
  expect([notAllowed.status, notAllowed.headers.get("Allow")]).toEqual([405, "POST"]);
  expect(await (await outer.fetch(new Request("http://anywhere/"))).text()).toBe("outer");
});
