import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, newEmail, PASSWORD, register, type Answer } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";
import { login, loginForm } from "../support/sign-in.ts";

const FRIEND = "https://app.example.com";
const STRANGER = "https://evil.example";

let own: OwnDatabase;
let app: ServedApp;
let email: string;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url, { trustProxy: 1, allowedOrigins: [FRIEND] });
  email = newEmail();
  await register(app.url, { email });
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

async function loginWithCookie(headers: Record<string, string> = {}): Promise<Answer> {
  return await login(app.url, { email, password: PASSWORD, cookie: true }, headers);
}

/** The cookie as the browser sends it back. */
async function cookieOf(answer: Promise<Answer>): Promise<string> {
  return /^[^;]*/.exec((await answer).headers.get("Set-Cookie") ?? "")?.[0] ?? "";
}

async function send(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return (await ask(app.url + path, { method, headers })).status;
}

test("a cookie comes on request: no script can read it, and other sites do not send it", async () => {
  const { headers, status } = await loginWithCookie();
  expect(status).toBe(200);
  expect(headers.get("Set-Cookie")).toMatch(
    /^session=[\w-]{43}; Max-Age=25(9199\d|92000); Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const form = await loginForm(app.url, { username: email, password: PASSWORD, cookie: "true" });
  expect(form.headers.get("Set-Cookie")).toMatch(/^session=/);
});

test("behind TLS it is bound to it and to this very host", async () => {
  const secure = { "X-Forwarded-Proto": "https" };
  const { headers } = await loginWithCookie(secure);
  expect(headers.get("Set-Cookie")).toMatch(
    /^__Host-session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const Cookie = await cookieOf(loginWithCookie(secure));
  expect(await send("GET", "/auth/me", { Cookie, ...secure })).toBe(200);
  // A page of a neighbour in the domain can set a cookie without the prefix.
  const planted = Cookie.replace("__Host-", "");
  expect(await send("GET", "/auth/me", { Cookie: planted, ...secure })).toBe(401);
});

test("it signs in, and the sign-out takes it back", async () => {
  const Cookie = await cookieOf(loginWithCookie());
  expect(await send("GET", "/auth/me", { Cookie })).toBe(200);
  const out = await ask(`${app.url}/auth/logout`, { method: "POST", headers: { Cookie } });
  expect(out.status).toBe(204);
  expect(out.headers.get("Set-Cookie")).toMatch(/^session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await send("GET", "/auth/me", { Cookie })).toBe(401);
  const again = await ask(`${app.url}/auth/logout`, { method: "POST", headers: { Cookie } });
  expect([again.status, again.headers.get("Set-Cookie")]).toEqual([401, expect.stringMatching(/^session=;/)]);
});

test.each([
  ["a page of another site", { Origin: STRANGER, "Sec-Fetch-Site": "cross-site" }, 403],
  ["a page of a neighbour in the domain", { Origin: STRANGER, "Sec-Fetch-Site": "same-site" }, 403],
  ["another site's page in an older browser", { Origin: STRANGER }, 403],
  ["a sandboxed page", { Origin: "null" }, 403],
  ["our own page", { Origin: "http://localhost", "Sec-Fetch-Site": "same-origin" }, 401],
  ["a page of an origin that is allowed", { Origin: FRIEND, "Sec-Fetch-Site": "cross-site" }, 401],
  ["no browser", {}, 401],
])("what %s sends with the cookie is answered with the right status", async (_, headers, status) => {
  const Cookie = `session=${"A".repeat(43)}`;
  const sent = { Cookie, ...(headers as Record<string, string>) };
  const answer = await ask(`${app.url}/auth/logout`, { method: "POST", headers: sent });
  expect([answer.status, answer.headers.has("Set-Cookie")]).toEqual([status, status === 401]);
});

test("an older browser on our own page is told by the host", async () => {
  const Cookie = await cookieOf(loginWithCookie());
  expect(await send("POST", "/auth/logout-all", { Cookie, Origin: app.url })).toBe(204);
});

test("another site cannot take a cookie back that its requests do not carry", async () => {
  const headers = { Origin: STRANGER, "Sec-Fetch-Site": "cross-site" };
  const answer = await ask(`${app.url}/auth/logout`, { method: "POST", headers });
  expect([answer.status, answer.headers.has("Set-Cookie")]).toEqual([401, false]);
});

test("another site cannot sign its visitors in, and may do with a token what it likes", async () => {
  const foreign = { Origin: STRANGER, "Sec-Fetch-Site": "cross-site" };
  const refused = await loginWithCookie(foreign);
  expect(refused).toMatchObject({ status: 403, body: { detail: "Cross-origin request refused" } });
  expect(refused.headers.get("Set-Cookie")).toBeNull();
  const { body, status } = await login(app.url, { email, password: PASSWORD }, foreign);
  expect(status).toBe(200);
  const { access_token } = body as { access_token: string };
  const Authorization = `bearer ${access_token}`;
  expect(await send("POST", "/auth/logout", { Authorization, ...foreign })).toBe(204);
});
