import { expect, test } from "vitest";

import { linkTo } from "../support/breakable-link.ts";
import { ask, register } from "../support/requests.ts";
import { serveApp } from "../support/served-app.ts";
import { createTestDatabase, describeOnPostgres } from "../support/surroundings.ts";

/** A machine that is busy with other things may miss a short deadline by itself. */
async function untilRegistered(url: string): Promise<void> {
  await expect.poll(async () => (await register(url)).status, { timeout: 20_000 }).toBe(201);
}

describeOnPostgres("a database that goes silent", (server) => {
  test("ends a registration in 503 at its deadline, and the next one works when it is back", async () => {
    const own = await createTestDatabase(server);
    const link = await linkTo(own.url);
    const app = await serveApp(link.url, { databaseTimeoutMs: 300 });
    try {
      await untilRegistered(app.url);
      link.silence();
      const answer = await register(app.url);
      expect(answer).toMatchObject({ status: 503, body: { detail: "Service Unavailable" } });
      expect(answer.headers.get("Retry-After")).toBe("5");
      expect((await ask(`${app.url}/healthz`)).status).toBe(200);
      await link.mend();
      await untilRegistered(app.url);
    } finally {
      await app.close();
      await link.cut();
      await own.close();
    }
  });

  test("is not waited for by a statement that waits for a lock", async () => {
    const own = await createTestDatabase(server);
    const app = await serveApp(own.url, { databaseTimeoutMs: 200 });
    try {
      await app.database.transaction(async (session) => {
        await session.run("LOCK TABLE users");
        expect((await register(app.url)).status).toBe(503);
      });
      await untilRegistered(app.url);
    } finally {
      await app.close();
      await own.close();
    }
  });
});
