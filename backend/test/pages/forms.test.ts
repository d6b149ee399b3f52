import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, countUsers, newEmail, PASSWORD } from "../support/requests.ts";
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

async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return await ask(app.url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
}

test("a page runs and loads nothing but its own files, and no cache keeps it", async () => {
  for (const path of ["/", "/docs"]) {
    const { body, headers } = await ask(app.url + path);
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(body).not.toMatch(/<style|style=|onclick|javascript:/);
    const assets = [...String(body).matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, asset]) => asset);
    expect(assets).toHaveLength(3);
    for (const asset of assets) {
      const answer = await ask(`${app.url}/${asset}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Cache-Control")).toContain("immutable");
    }
  }
});

test("a form that was taken leads on with 303 and a cookie that no script can read", async () => {
  const { headers, status } = await post("/register", {
    full_name: "",
    email: newEmail(),
    password: PASSWORD,
  });
  expect([status, headers.get("Location")]).toEqual([303, "account"]);
  expect(headers.get("Set-Cookie")).toMatch(/^session=[^;]+;.*HttpOnly; SameSite=Lax/);
});

test("a form that was not taken comes back with the status of its error and without the password", async () => {
  const password = "p4ss-w0rd-hunter2";
  const attack = '"><script>alert(1)</script>';
  const { body, status } = await post("/register", { full_name: attack, email: attack, password });
  expect(status).toBe(422);
  expect(body).toContain("<title>Error: Create your account</title>");
  expect(body).toContain('value="&quot;&gt;&lt;script&gt;');
  expect(body).not.toContain(attack);
  expect(body).not.toContain("hunter2");
  expect((await post("/sign-in", { email: newEmail(), password })).status).toBe(401);
});

test("the forms of another site are refused, whatever its browser sends along", async () => {
  const fields = { full_name: "", email: newEmail(), password: PASSWORD };
  const before = await countUsers(app.url);
  for (const path of ["/register", "/sign-in", "/sign-out", "/sign-out-everywhere", "/end-session"]) {
    for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }]) {
      expect([path, (await post(path, fields, headers)).status]).toEqual([path, 403]);
    }
  }
  expect(await countUsers(app.url)).toBe(before);
  expect((await post("/register", fields, { Origin: app.url })).status).toBe(303);
});

test("no page and no form of it lets a body through that is no form", async () => {
  const answer = await ask(`${app.url}/register`, {
    method: "POST",
    body: "{}",
    headers: { "Content-Type": "application/json" },
  });
  expect(answer.status).toBe(415);
});

test("a form that is refused before it is read is told so by a page, where a browser shows the answer", async () => {
  const form = "application/x-www-form-urlencoded";
  const refused = [
    { status: 403, path: "/register", headers: { "Content-Type": form, "Sec-Fetch-Site": "cross-site" } },
    { status: 403, path: "/sign-out", headers: { "Content-Type": form, "Sec-Fetch-Site": "cross-site" } },
    { status: 413, path: "/sign-in", headers: { "Content-Type": form }, body: `email=${"y".repeat(20_000)}` },
    { status: 415, path: "/sign-in", headers: { "Content-Type": "text/plain" } },
    { status: 422, path: "/end-session", headers: { "Content-Type": form }, body: "" },
  ];
  for (const { body = "email=a", headers, path, status } of refused) {
    const send = async (accept: string) =>
      await ask(app.url + path, { method: "POST", body, headers: { ...headers, Accept: accept } });
    const page = await send("text/html,application/xhtml+xml,*/*;q=0.8");
    expect([path, page.status, page.headers.get("Content-Type")]).toEqual([
      path,
      status,
      "text/html; charset=UTF-8",
    ]);
    expect(page.body).toContain("<h1>That form was not taken</h1>");
    expect(page.headers.get("Content-Security-Policy")).toContain("style-src 'self'");
    expect(page.headers.get("Cache-Control")).toBe("no-store");
    const data = await send("application/json");
    expect([path, data.status, data.headers.get("Content-Type")]).toEqual([path, status, "application/json"]);
  }
});

test("the rules of passwords are there as data, zipped for those who can take it", async () => {
  const { body, headers } = await ask(`${app.url}/password-rules`);
  const rules = body as { minLength: number; maxLength: number; common: string[] };
  expect(rules).toMatchObject({ minLength: 8, maxLength: 1024 });
  expect(rules.common).toContain("password1");
  expect(rules.common.every((password) => password.length >= 8)).toBe(true);
  const tag = headers.get("ETag") ?? "";
  const again = await ask(`${app.url}/password-rules`, { headers: { "If-None-Match": tag } });
  expect(again.status).toBe(304);
});

test("whoever is not signed in is led to where that can be done", async () => {
  const { headers, status } = await ask(`${app.url}/account`, { redirect: "manual" });
  expect([status, headers.get("Location")]).toEqual([303, "./#sign-in"]);
});

test("with uniform registration a known address and a new one lead to the same place, signed in nowhere", async () => {
  const another = await anyDatabase();
  const uniform = await serveApp(another.url, {
    registration: { mode: "uniform", perAddress: 0, perEmail: 0 },
  });
  try {
    const email = newEmail();
    for (const password of [PASSWORD, "five yellow herons"]) {
      const { headers, status } = await ask(`${uniform.url}/register`, {
        method: "POST",
        body: new URLSearchParams({ full_name: "", email, password }),
        redirect: "manual",
      });
      expect([status, headers.get("Location"), headers.get("Set-Cookie")]).toEqual([
        303,
        "./?then=received#sign-in",
        null,
      ]);
    }
    expect((await ask(`${uniform.url}/?then=received`)).body).toContain("If this address is new");
  } finally {
    await uniform.close();
    await another.remove();
  }
});
