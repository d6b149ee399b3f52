import { afterAll, beforeAll, expect, test } from "vitest";

import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { newEmail, PASSWORD, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";
import { login } from "../support/sign-in.ts";

describeOnDatabases("sign-ins that fail", (create) => {
  let own: OwnDatabase;
  let app: ServedApp;
  let email: string;

  beforeAll(async () => {
    own = await create();
    app = await serveApp(own.url, { trustProxy: 1, signInLimits: { perAddress: 8, perAccount: 10 } });
    email = newEmail();
    await register(app.url, { email });
  });
  afterAll(async () => {
    await app.close();
    await own.remove();
  });

  async function attempt(who: string, from: string, password = "wrong") {
    return await login(app.url, { email: who, password }, { "X-Forwarded-For": from });
  }

  async function attempts(who: string, from: string, count: number): Promise<readonly number[]> {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push((await attempt(who, from)).status);
    return answers;
  }

  test("end for one account and one address, and only there", async () => {
    expect(await attempts(email, "192.0.2.1", 2)).toEqual([401, 401]);
    const refused = await attempt(email, "192.0.2.1", PASSWORD);
    expect(refused).toMatchObject({ status: 429, body: { detail: "Too Many Requests" } });
    // The next of two turns an hour is free in half an hour.
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(1700);
    expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(1800);
    expect((await attempt(newEmail(), "192.0.2.1")).status).toBe(401);
    expect((await attempt(email, "192.0.2.2", PASSWORD)).status).toBe(200);
    expect(app.logged.filter(({ event }) => event === "limited")).toMatchObject([
      { limit: "login-account-address", address: "192.0.2.1" },
    ]);
  });

  test("end alike for an account that is not there", async () => {
    expect(await attempts(newEmail(), "192.0.2.3", 3)).toEqual([401, 401, 429]);
  });

  test("end for one address, whoever they are for; of IPv6 a /64 is one", async () => {
    const statuses = [];
    for (let i = 0; i < 9; i++) statuses.push((await attempt(newEmail(), `2001:db8::${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 401), 429]);
    expect((await attempt(newEmail(), "2001:db8:0:1::1")).status).toBe(401);
  });

  test("of many addresses end for the account, but not where its user is signed in", async () => {
    const mine = newEmail();
    await register(app.url, { email: mine });
    expect((await attempt(mine, "198.51.100.1", PASSWORD)).status).toBe(200);
    const statuses = [];
    for (let i = 10; i < 21; i++) statuses.push((await attempt(mine, `198.51.100.${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect((await attempt(mine, "198.51.100.30", PASSWORD)).status).toBe(429);
    expect((await attempt(mine, "198.51.100.1", PASSWORD)).status).toBe(200);
    expect((await attempt(mine, "198.51.100.1", PASSWORD)).status).toBe(200);
  });

  test("are none when they succeed, also many at once", async () => {
    const mine = newEmail();
    await register(app.url, { email: mine });
    for (let i = 0; i < 3; i++) expect((await attempt(mine, "192.0.2.9", PASSWORD)).status).toBe(200);
    const atOnce = await Promise.all(
      Array.from({ length: 6 }, async () => (await attempt(mine, "192.0.2.9")).status),
    );
    expect(atOnce.toSorted()).toEqual([401, 401, 429, 429, 429, 429]);
  });
});
