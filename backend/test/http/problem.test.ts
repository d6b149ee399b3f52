import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, postJson } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

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

const PROBLEM = { Accept: "application/problem+json", "X-Request-Id": "asked-1" };

test("a refusal names its status in words, and the request", async () => {
  const response = await fetch(`${app.url}/nothing`, { headers: PROBLEM });
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(response.headers.get("Vary")).toMatch(/\bAccept\b/);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(await response.json()).toEqual({
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: "Not Found",
    request_id: "asked-1",
  });
});

test("fields that are bad are listed with a pointer to each", async () => {
  const body = JSON.stringify({ email: "ada", "a/b~c": "\0" });
  const response = await fetch(`${app.url}/auth/register`, {
    method: "POST",
    headers: { ...PROBLEM, "Content-Type": "application/json" },
    body,
  });
  expect(await response.json()).toMatchObject({
    title: "Unprocessable Entity",
    status: 422,
    detail: "3 things are not valid.",
    errors: [
      { pointer: "#/a~1b~0c", code: "string_unicode" },
      { pointer: "#/email", code: "value_error", detail: expect.stringContaining("@-sign") },
      { pointer: "#/password", code: "missing", detail: "Field required" },
    ],
  });
});

test("a body that is no JSON is pointed at as a whole", async () => {
  const { body } = await postJson(app.url, "{", PROBLEM);
  expect(JSON.parse(String(body))).toMatchObject({
    status: 422,
    errors: [{ pointer: "#", code: "json_invalid" }],
  });
});

test.each([
  ["*/*", "application/json"],
  ["application/json, application/problem+json;q=0.5", "application/json"],
  ["application/problem+json;q=0", "application/json"],
  ["text/html, Application/Problem+JSON", "application/problem+json"],
  ["application/json, application/problem+json", "application/problem+json"],
])("with Accept: %s an error is %s", async (accept, type) => {
  const { headers } = await ask(`${app.url}/nothing`, { headers: { Accept: accept } });
  expect(headers.get("Content-Type")).toBe(type);
});

test("405 keeps its Allow, and the report of /readyz stays what it is", async () => {
  const notAllowed = await fetch(`${app.url}/auth/register`, { headers: PROBLEM });
  expect([notAllowed.headers.get("Allow"), await notAllowed.json()]).toMatchObject(["POST", { status: 405 }]);
  app.stopping();
  const stopping = await fetch(`${app.url}/readyz`, { headers: PROBLEM });
  expect(await stopping.json()).toEqual({ status: "stopping" });
});

test("an answer that is no error stays as it is", async () => {
  const { headers } = await ask(`${app.url}/healthz`, { headers: PROBLEM });
  expect(headers.get("Content-Type")).toBe("application/json");
});
