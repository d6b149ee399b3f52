import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { startBackend } from "../support/backend-process.ts";
import { describeOnDatabases } from "../support/databases.ts";
import { countUsers, newEmail, register } from "../support/requests.ts";

const CLIENTS = 8;
const ROUNDS = 3;

/** Registers one user after the other until the server is gone; notes each address that was acknowledged. */
async function registerUntilGone(url: string, acknowledged: string[]): Promise<void> {
  for (;;) {
    const email = newEmail();
    const answer = await register(url, { email }).catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.status).toBe(201);
    acknowledged.push(email);
  }
}

describeOnDatabases("a server that is killed while it registers", (create) => {
  test("has lost nothing that it had acknowledged", { timeout: 120_000 }, async () => {
    const own = await create();
    const acknowledged: string[] = [];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const server = startBackend({ DATABASE_URL: own.url });
        const url = await server.url();
        const clients = Array.from(
          { length: CLIENTS },
          async () => await registerUntilGone(url, acknowledged),
        );
        await sleep(300 + Math.random() * 500);
        server.kill("SIGKILL");
        expect(await server.ended).toBe("SIGKILL");
        await Promise.all(clients);
      }
      expect(acknowledged.length).toBeGreaterThan(ROUNDS);

      const url = await startBackend({ DATABASE_URL: own.url }).url();
      const count = await countUsers(url);
      // A registration that was under way may have been committed without its answer.
      expect(count).toBeGreaterThanOrEqual(acknowledged.length);
      expect(count).toBeLessThanOrEqual(acknowledged.length + ROUNDS * CLIENTS);
      const again = await Promise.all(
        acknowledged.map(async (email) => (await register(url, { email })).status),
      );
      expect(again.filter((status) => status !== 409)).toEqual([]);
      expect(await countUsers(url)).toBe(count);
    } finally {
      await own.remove();
    }
  });
});
