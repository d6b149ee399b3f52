import { afterAll, beforeAll, expect, test } from "vitest";

import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { ask, newEmail, PASSWORD, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";
import { bearer, login, loginForm, signedIn } from "../support/sign-in.ts";

describeOnDatabases("sign-in", (create) => {
  let own: OwnDatabase;
  let app: ServedApp;
  let email: string;

  beforeAll(async () => {
    own = await create();
    app = await serveApp(own.url);
    email = newEmail();
    await register(app.url, { email, full_name: "Ada" });
  });
  afterAll(async () => {
    await app.close();
    await own.remove();
  });

  async function rows(sql: string, parameters: readonly unknown[] = []) {
    return await app.database.withSession(async (session) => await session.query(sql, parameters));
  }

  test("a sign-in throws away what has expired", async () => {
    await rows(`INSERT INTO sessions (user_id, token_hash, expires_at)
      SELECT id, 'old', now() - interval '1 second' FROM users`);
    await signedIn(app.url, email);
    expect(await rows("SELECT token_hash = 'old' AS is_old FROM sessions")).toEqual([{ is_old: false }]);
  });

  test("200 is a bearer token, and it is not to be stored", async () => {
    const answer = await login(app.url, { email, password: PASSWORD });
    expect(answer).toMatchObject({
      status: 200,
      body: { access_token: expect.stringMatching(/^[\w-]{43}$/), token_type: "bearer" },
    });
    expect(Object.keys(answer.body as object)).toEqual(["access_token", "token_type", "expires_at"]);
    const { expires_at } = answer.body as { expires_at: string };
    expect((Date.parse(expires_at) - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.headers.get("Set-Cookie")).toBeNull();
  });

  test("the address may be typed in any case, and OAuth2's form is taken as well", async () => {
    expect((await login(app.url, { email: ` ${email.toUpperCase()}`, password: PASSWORD })).status).toBe(200);
    const form = { grant_type: "password", username: email, password: PASSWORD, scope: "" };
    expect((await loginForm(app.url, form)).status).toBe(200);
    expect((await loginForm(app.url, { ...form, password: "wrong" })).status).toBe(401);
  });

  test("who is not known and a wrong password get the same 401", async () => {
    const answers = await Promise.all([
      login(app.url, { email, password: "wrong" }),
      login(app.url, { email: newEmail(), password: PASSWORD }),
      login(app.url, { email: "no address", password: PASSWORD }),
      login(app.url, { email, password: "" }),
    ]);
    for (const { body, headers, status } of answers) {
      expect([status, body]).toEqual([401, { detail: "Incorrect email or password" }]);
      expect(headers.get("WWW-Authenticate")).toBe("Bearer");
    }
  });

  test.each([
    ["json", "{}", ["email", "password"]],
    ["json", '{"email":"a\\u0000@example.com","password":"x","cookie":"yes"}', ["email", "cookie"]],
    ["x-www-form-urlencoded", "email=a%40example.com", ["username", "password"]],
    ["x-www-form-urlencoded", "username=a&password=%00&grant_type=code", ["password", "grant_type"]],
  ])("422 names what is bad in a body of %s %s", async (type, body, fields) => {
    const headers = { "Content-Type": `application/${type}` };
    const answer = await ask(`${app.url}/auth/login`, { method: "POST", body, headers });
    expect(answer.status).toBe(422);
    const { detail } = answer.body as { detail: { loc: string[] }[] };
    expect(detail.map(({ loc }) => loc)).toEqual(fields.map((field) => ["body", field]));
  });

  test("another format is 415", async () => {
    const headers = { "Content-Type": "text/plain" };
    expect((await ask(`${app.url}/auth/login`, { method: "POST", body: "x", headers })).status).toBe(415);
  });

  test("the Location of a registration is the user's, and nobody else's", async () => {
    const other = newEmail();
    const registered = await register(app.url, { email: other });
    const location = `${app.url}${registered.headers.get("Location")}`;
    expect(await ask(location, bearer(await signedIn(app.url, other)))).toMatchObject({
      status: 200,
      body: registered.body,
    });
    const token = await signedIn(app.url, email);
    expect(await ask(location, bearer(token))).toMatchObject({ status: 404, body: { detail: "Not Found" } });
    expect((await ask(`${app.url}/users/2147483647`, bearer(token))).status).toBe(404);
    expect((await ask(`${app.url}/users/ada`, bearer(token))).status).toBe(422);
    expect((await ask(location)).status).toBe(401);
  });

  test("/auth/me tells who the token is of, and 401 without one", async () => {
    const token = await signedIn(app.url, email);
    expect(await ask(`${app.url}/auth/me`, bearer(token))).toMatchObject({
      status: 200,
      body: { id: expect.any(Number), email, full_name: "Ada", created_at: expect.any(String) },
    });
    const headers = [
      {},
      { Authorization: "Bearer" },
      { Authorization: `Basic ${token}` },
      { Authorization: `Bearer ${token}x` },
      { Authorization: `Bearer ${"A".repeat(43)}` },
      { Cookie: "session=" },
    ];
    for (const each of headers) {
      const answer = await ask(`${app.url}/auth/me`, { headers: each as Record<string, string> });
      expect(answer).toMatchObject({ status: 401, body: { detail: "Not authenticated" } });
      expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
    }
  });

  test("the token's hash alone lies in the table", async () => {
    const token = await signedIn(app.url, email);
    const all = JSON.stringify(await rows("SELECT * FROM sessions"));
    expect(all).not.toContain(token);
    const [row] = await rows(
      "SELECT count(*)::int AS n FROM sessions WHERE token_hash = encode(sha256($1::text::bytea), 'hex')",
      [token],
    );
    expect(row).toEqual({ n: 1 });
  });

  test("/auth/logout ends this session, /auth/logout-all every one", async () => {
    const [first, second, third] = [
      await signedIn(app.url, email),
      await signedIn(app.url, email),
      await signedIn(app.url, email),
    ];
    const me = async (token: string) => (await ask(`${app.url}/auth/me`, bearer(token))).status;
    const post = async (path: string, token: string) =>
      (await ask(`${app.url}${path}`, { method: "POST", ...bearer(token) })).status;
    expect(await post("/auth/logout", first)).toBe(204);
    expect([await me(first), await me(second)]).toEqual([401, 200]);
    expect(await post("/auth/logout", first)).toBe(401);
    expect(await post("/auth/logout-all", second)).toBe(204);
    expect([await me(second), await me(third)]).toEqual([401, 401]);
  });

  test("/auth/sessions lists one's own, and any of them can be ended", async () => {
    const mine = newEmail();
    await register(app.url, { email: mine });
    const here = await signedIn(app.url, mine, { "User-Agent": "Here/1.0" });
    const there = await signedIn(app.url, mine, { "User-Agent": "There/1.0" });
    const list = await ask(`${app.url}/auth/sessions`, bearer(here));
    expect(list).toMatchObject({
      status: 200,
      body: [
        { user_agent: "There/1.0", is_current: false },
        { user_agent: "Here/1.0", is_current: true, address: expect.stringMatching(/^(127|::1)/) },
      ],
    });
    expect(JSON.stringify(list.body)).not.toMatch(/token|hash/);
    const [{ id }] = list.body as [{ id: number }];
    const end = async (token: string, which: unknown) =>
      (await ask(`${app.url}/auth/sessions/${String(which)}`, { method: "DELETE", ...bearer(token) })).status;
    expect(await end(await signedIn(app.url, email), id)).toBe(404);
    expect(await end(here, id)).toBe(204);
    expect(await end(here, id)).toBe(404);
    expect([await end(here, "x"), await end(here, 2 ** 31), await end(here, 0)]).toEqual([422, 422, 422]);
    expect((await ask(`${app.url}/auth/me`, bearer(there))).status).toBe(401);
    expect((await ask(`${app.url}/auth/me`, bearer(here))).status).toBe(200);
  });

  test("a session ends at its time, when it is idle for long, and with its user", async () => {
    const mine = newEmail();
    await register(app.url, { email: mine });
    const token = await signedIn(app.url, mine);
    const me = async () => (await ask(`${app.url}/auth/me`, bearer(token))).status;
    const hash = "token_hash = encode(sha256($1::text::bytea), 'hex')";
    const set = async (assignment: string) =>
      await rows(`UPDATE sessions SET ${assignment} WHERE ${hash}`, [token]);

    await set("last_used_at = now() - interval '8 days'");
    expect(await me()).toBe(401);
    await set("last_used_at = now() - interval '6 days'");
    expect(await me()).toBe(200);
    expect(
      await rows(`SELECT last_used_at > now() - interval '1 minute' AS used FROM sessions WHERE ${hash}`, [
        token,
      ]),
    ).toEqual([{ used: true }]);
    await set("expires_at = now()");
    expect(await me()).toBe(401);
    await set("expires_at = now() + interval '1 day'");
    expect(await me()).toBe(200);
    await rows("DELETE FROM users WHERE email = $1", [mine]);
    expect(await me()).toBe(401);
    expect(await rows(`SELECT id FROM sessions WHERE ${hash}`, [token])).toEqual([]);
  });

  test("what happened is in the log, and no secret is", async () => {
    const mine = newEmail();
    await register(app.url, { email: mine, password: "hunter2-hunter2" });
    const from = app.logged.length;
    await login(app.url, { email: mine, password: "hunter2-wrong" });
    const token = await signedIn(app.url, mine, {}, "hunter2-hunter2");
    await ask(`${app.url}/auth/logout`, { method: "POST", ...bearer(token) });
    await login(app.url, { email: newEmail(), password: "hunter2-unknown" });
    const events = app.logged.slice(from).filter(({ msg }) => msg === "audit");
    expect(events).toMatchObject([
      { event: "login-failed", userId: expect.any(Number), address: expect.any(String) },
      { event: "login", userId: expect.any(Number), sessionId: expect.any(Number) },
      { event: "logout", sessions: 1, requestId: expect.any(String) },
      { event: "login-failed" },
    ]);
    expect(JSON.stringify(app.logged)).not.toMatch(new RegExp(`hunter2|${token}|argon2id|@example`));
  });
});
