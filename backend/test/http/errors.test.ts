import { afterEach, beforeEach, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, newEmail, PASSWORD, register } from "../support/requests.ts";
import { serveApp, type ServedApp, type ServedAppOptions } from "../support/served-app.ts";
import { login } from "../support/sign-in.ts";

let own: OwnDatabase;
let app: ServedApp;

beforeEach(async () => {
  own = await anyDatabase();
});
afterEach(async () => {
  await app.close();
  await own.remove();
});

async function serve(options: ServedAppOptions = {}): Promise<void> {
  app = await serveApp(own.url, options);
}

test("when too many passwords wait for their hash the others are told to come again", async () => {
  await serve({ hashQueue: { concurrency: 1, maxWaiting: 2 } });
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await register(app.url)));
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(3);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body, headers } of refused) {
    expect(body).toEqual({ detail: "Service Unavailable" });
    expect(headers.get("Retry-After")).toBe("1");
  }
  expect((await register(app.url)).status).toBe(201);
});

test("a fault is 500 without a word of it, and the log has it under the request's id", async () => {
  await serve();
  await app.database.withSession(async (session) => await session.run("DROP TABLE users CASCADE"));
  const email = newEmail();
  const answer = await register(app.url, { email });
  expect(answer).toMatchObject({ status: 500, body: { detail: "Internal Server Error" } });
  expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
  const requestId = answer.headers.get("X-Request-Id");
  expect(app.logged.filter((line) => line["requestId"] === requestId)).toMatchObject([
    {
      level: "error",
      msg: "failed",
      err: { type: "StatementError", sqlState: "42P01", stack: expect.any(Array) },
    },
    { level: "info", msg: "request", status: 500 },
  ]);
  expect(JSON.stringify(app.logged)).not.toMatch(new RegExp(`${email}|argon2id`));
});

test("a clash of ids is a fault, not a known address, and its detail stays out of the log", async () => {
  await serve();
  expect((await register(app.url)).status).toBe(201);
  await app.database.withSession(
    async (session) => await session.run("ALTER SEQUENCE users_id_seq RESTART WITH 1"),
  );
  const email = newEmail();
  expect((await register(app.url, { email })).status).toBe(500);
  expect(app.logged.find(({ level }) => level === "error")).toMatchObject({
    err: { sqlState: "23505", constraint: "users_pkey", table: "users" },
  });
  expect(JSON.stringify(app.logged)).not.toMatch(/Key \(|already exists/);
  expect(await ask(`${app.url}/debug/users_count`)).toMatchObject({ body: { count: 1 } });
});

test("who is turned away because too many wait has had no turn of any limit", async () => {
  await serve({
    hashQueue: { concurrency: 0, maxWaiting: 0 },
    registration: { mode: "plain", perAddress: 0, perEmail: 1 },
    signInLimits: { perAddress: 0, perAccount: 1 },
  });
  const email = newEmail();
  for (let i = 0; i < 3; i++) {
    expect((await register(app.url, { email })).status).toBe(503);
    expect((await login(app.url, { email, password: PASSWORD })).status).toBe(503);
  }
});
