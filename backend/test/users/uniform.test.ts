import { expect, test } from "vitest";

import { describeOnDatabases } from "../support/databases.ts";
import { countUsers, newEmail, PASSWORD, postJson, register } from "../support/requests.ts";
import { serveApp } from "../support/served-app.ts";
import { login } from "../support/sign-in.ts";

describeOnDatabases("REGISTRATION_MODE=uniform", (create) => {
  test("a known address and a new one get the same answer, and the known user stays as they are", async () => {
    const own = await create();
    const app = await serveApp(own.url, { registration: { mode: "uniform", perAddress: 0, perEmail: 0 } });
    try {
      const email = newEmail();
      const first = await register(app.url, { email, full_name: "Ada" });
      const again = await register(app.url, { email: email.toUpperCase(), password: "eight purple herons" });
      expect(first).toMatchObject({ status: 202, body: { detail: "Registration received" } });
      const headers = (answer: typeof first) => [...answer.headers.keys()].toSorted();
      expect([again.status, again.body, headers(again)]).toEqual([first.status, first.body, headers(first)]);
      expect(await countUsers(app.url)).toBe(1);
      expect((await login(app.url, { email, password: PASSWORD })).status).toBe(200);
      expect((await login(app.url, { email, password: "eight purple herons" })).status).toBe(401);
      expect(app.logged.filter(({ event }) => event === "registered")).toHaveLength(1);

      const key = { "Idempotency-Key": "k" };
      for (const address of [email, newEmail(), newEmail()]) {
        const body = JSON.stringify({ email: address, password: PASSWORD });
        expect((await postJson(app.url, body, key)).status).toBe(202);
      }
      expect((await register(app.url, { password: "x" })).status).toBe(422);
    } finally {
      await app.close();
      await own.remove();
    }
  });
});
