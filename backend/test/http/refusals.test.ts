import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, countUsers, newEmail, PASSWORD, postJson, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url);
});
afterAll(async () => {
  expect(await countUsers(app.url)).toBe(0);
  await app.close();
  await own.remove();
});

describe("422 names what is bad, in FastAPI's shape", () => {
  const good = { email: "ada@example.com", password: PASSWORD };

  test.each([
    [
      "nothing at all",
      {},
      [
        ["missing", "email", "Field required"],
        ["missing", "password", "Field required"],
      ],
    ],
    ["no password", { email: good.email }, [["missing", "password", "Field required"]]],
    [
      "fields of other types",
      { email: 1, password: [PASSWORD], full_name: {} },
      [
        ["string_type", "email", "Input should be a valid string"],
        ["string_type", "password", "Input should be a valid string"],
        ["string_type", "full_name", "Input should be a valid string"],
      ],
    ],
    [
      "null",
      { email: null, password: null },
      [
        ["string_type", "email", "Input should be a valid string"],
        ["string_type", "password", "Input should be a valid string"],
      ],
    ],
    [
      "every field bad",
      { email: "ada", password: "x", full_name: "x".repeat(257) },
      [
        ["value_error", "email", "value is not a valid email address: It must have an @-sign."],
        ["string_too_short", "password", "String should have at least 8 characters"],
        ["string_too_long", "full_name", "String should have at most 256 characters"],
      ],
    ],
    [
      "a password of one character",
      { ...good, password: "x" },
      [["string_too_short", "password", "String should have at least 8 characters"]],
    ],
    [
      "a password of 5,000 characters",
      { ...good, password: "x".repeat(5000) },
      [["string_too_long", "password", "String should have at most 1024 characters"]],
    ],
    [
      "a common password",
      { ...good, password: "Password1" },
      [["password_common", "password", expect.any(String)]],
    ],
    [
      "the address as password",
      { ...good, password: "ADA@example.com" },
      [["password_personal", "password", expect.any(String)]],
    ],
    [
      "the name as password, beside a bad address",
      { email: "ada", full_name: "Ada Lovelace", password: "adalovelace" },
      [
        ["value_error", "email", expect.any(String)],
        ["password_personal", "password", expect.any(String)],
      ],
    ],
    [
      "NUL in the password",
      { ...good, password: `seven\0herons` },
      [["string_unicode", "password", expect.any(String)]],
    ],
    [
      "NUL in every field",
      { email: "a\0@example.com", password: "\0", full_name: "\0" },
      [
        ["string_unicode", "email", expect.any(String)],
        ["string_unicode", "password", expect.any(String)],
        ["string_unicode", "full_name", expect.any(String)],
      ],
    ],
    [
      "half of a pair, beside a missing field",
      { password: "seven \ud800 herons" },
      [
        ["string_unicode", "password", expect.any(String)],
        ["missing", "email", "Field required"],
      ],
    ],
    [
      "NUL in a field that is not known",
      { ...good, extra: ["\0"] },
      [["string_unicode", "extra", expect.any(String)]],
    ],
  ] as const)("%s", async (_, body, problems) => {
    const answer = await postJson(app.url, JSON.stringify(body));
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({
      detail: problems.map(([type, field, msg]) => ({ type, loc: ["body", field], msg })),
    });
  });

  test("an escape of NUL or of half a pair in a field's name", async () => {
    for (const name of ["pass\\u0000word", "\\ud800"]) {
      const answer = await postJson(
        app.url,
        `{"email":"ada@example.com","password":"${PASSWORD}","${name}":1}`,
      );
      expect(answer).toMatchObject({
        status: 422,
        body: { detail: [{ type: "string_unicode", loc: ["body"] }] },
      });
    }
  });

  test.each([["[]"], ['"text"'], ["7"], ["null"], ["true"]])("a body that is %s", async (body) => {
    const answer = await postJson(app.url, body);
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ type: "model_attributes_type", loc: ["body"] }] },
    });
  });

  test("an empty body", async () => {
    const answer = await postJson(app.url, "");
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ type: "missing", loc: ["body"], msg: "Field required" }] },
    });
  });

  test.each([
    ['{"email": "ada@example.com", ', "cut off"],
    ['{"password": "hunter2-hunter2" "email"}', "a comma missing"],
    ["email=ada@example.com", "a form"],
    ["{'email': 'ada@example.com'}", "single quotes"],
  ])("malformed JSON: %s", async (body) => {
    const answer = await postJson(app.url, body);
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ type: "json_invalid", msg: "JSON decode error" }] },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|ada@/);
  });

  test("bytes that are not UTF-8", async () => {
    const bytes = Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(await postJson(app.url, bytes)).toMatchObject({
      status: 422,
      body: { detail: [{ type: "json_invalid" }] },
    });
  });

  test("JSON that is nested as deep as the body allows", async () => {
    const nested = "[".repeat(8000) + "]".repeat(8000);
    expect((await postJson(app.url, nested)).status).toBe(422);
    expect((await postJson(app.url, `{"email":${nested}}`)).status).toBe(422);
  });
});

describe("what is no JSON", () => {
  test.each([
    ["application/x-www-form-urlencoded"],
    ["text/plain"],
    ["multipart/form-data; boundary=x"],
    ["application/json; charset=utf-16"],
    ["application/jsonp"],
  ])("%s is 415", async (type) => {
    const answer = await postJson(app.url, JSON.stringify({ email: newEmail(), password: PASSWORD }), {
      "Content-Type": type,
    });
    expect(answer).toMatchObject({ status: 415, body: { detail: "Unsupported Media Type" } });
  });

  test("a body without a type is 415, and so is a compressed one", async () => {
    expect((await ask(`${app.url}/auth/register`, { method: "POST", body: new Blob(["{}"]) })).status).toBe(
      415,
    );
    expect((await postJson(app.url, "{}", { "Content-Encoding": "gzip" })).status).toBe(415);
  });

  test.each([["application/json; charset=UTF-8"], ["Application/JSON"], ["application/vnd.api+json"]])(
    "%s is JSON",
    async (type) => {
      expect((await postJson(app.url, "{}", { "Content-Type": type })).status).toBe(422);
    },
  );
});

describe("where no route is", () => {
  test("404 for a path, whatever the method and the body", async () => {
    for (const init of [{}, { method: "POST", body: "x" }, { method: "DELETE" }]) {
      expect(await ask(`${app.url}/auth/nothing`, init)).toMatchObject({
        status: 404,
        body: { detail: "Not Found" },
      });
    }
  });

  test("405 for a method, with those that there are", async () => {
    const get = await ask(`${app.url}/auth/register`);
    expect(get).toMatchObject({ status: 405, body: { detail: "Method Not Allowed" } });
    expect(get.headers.get("Allow")).toBe("POST");
    const post = await ask(`${app.url}/healthz`, { method: "POST", body: "x" });
    expect(post.status).toBe(405);
    expect(post.headers.get("Allow")).toBe("GET, HEAD");
    expect((await ask(`${app.url}/auth/register`, { method: "OPTIONS" })).status).toBe(405);
  });

  test("HEAD is answered like GET, without the body", async () => {
    expect(await ask(`${app.url}/healthz`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });
});

test("every answer carries the headers of safety", async () => {
  const answers = [
    await ask(`${app.url}/healthz`),
    await ask(`${app.url}/docs`),
    await ask(`${app.url}/nothing`),
    await ask(`${app.url}/healthz`, { method: "DELETE" }),
    await postJson(app.url, "{"),
    await postJson(app.url, "{}", { "Content-Type": "text/plain" }),
    await postJson(app.url, " ".repeat(20_000)),
    await register(app.url, { email: "ada" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405, 422, 415, 413, 422]);
  for (const { headers } of answers) {
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'/);
    expect(headers.get("X-Request-Id")).not.toBeNull();
  }
});
