import { expect, test } from "vitest";

import { describeOnDatabases } from "../support/databases.ts";
import { newEmail, PASSWORD, postJson, type Answer } from "../support/requests.ts";
import { serveApp } from "../support/served-app.ts";

describeOnDatabases("registrations", (create) => {
  test("are limited for an IP address and for an e-mail address", async () => {
    const own = await create();
    const registration = { mode: "plain", perAddress: 4, perEmail: 3 } as const;
    const app = await serveApp(own.url, { registration, trustProxy: 1 });
    const send = async (email: string, from: string): Promise<Answer> =>
      await postJson(app.url, JSON.stringify({ email, password: PASSWORD }), { "X-Forwarded-For": from });
    try {
      const email = newEmail();
      const statuses = [];
      for (const from of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) {
        statuses.push((await send(email.toUpperCase(), from)).status);
      }
      expect(statuses).toEqual([201, 409, 409, 429]);

      // The refused one has not been counted for its IP address.
      for (let i = 0; i < 4; i++) expect((await send(newEmail(), "192.0.2.4")).status).toBe(201);
      const refused = await send(newEmail(), "6.6.6.6, 192.0.2.4");
      expect(refused).toMatchObject({ status: 429, body: { detail: "Too Many Requests" } });
      expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(800);
      expect((await send(newEmail(), "192.0.2.5")).status).toBe(201);
      for (let i = 0; i < 6; i++) expect((await send(newEmail(), "127.0.0.1")).status).toBe(201);
    } finally {
      await app.close();
      await own.remove();
    }
  });
});
