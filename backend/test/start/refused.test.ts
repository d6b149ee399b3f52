import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";

import { describe, expect, test } from "vitest";
import {
  canStartPostgres,
  createTestDatabase,
  describeOnPostgres,
  startPostgres,
} from "../../../test/support/test-database.ts";
import { startBackend } from "../support/backend-process.ts";
import { anyDatabase, embeddedDatabase } from "../support/databases.ts";
import { register } from "../support/requests.ts";

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("a database that does not answer", () => {
  test("is asked again until the time is up, then the reason is told", async () => {
    const server = startBackend({
      DATABASE_URL: `postgres://app:hunter2@127.0.0.1:${await closedPort()}/app`,
      DB_CONNECT_TIMEOUT: "1",
    });
    expect(await server.ended).toBe(1);
    expect(server.stdout()).toMatch(
      /^DB INIT \| mode=EXTERNAL_POSTGRES \| url=127\.0\.0\.1:\d+\/app.*\n(DB not there yet \| .* \| again in [\d.]+ s\n)+DB connectivity FAILED \| .* \| hint: .*\n$/,
    );
    expect(server.stdout() + server.stderr()).not.toContain("hunter2");
  });

  test("does not keep a SIGTERM waiting", async () => {
    const server = startBackend({ DATABASE_URL: `postgres://app@127.0.0.1:${await closedPort()}/app` });
    await expect.poll(() => server.stdout(), { timeout: 10_000 }).toContain("DB not there yet");
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.stdout()).not.toContain("FAILED");
  });
});

describe("an embedded Postgres that another process has open", () => {
  test("is refused to the second, and goes on serving the first", async () => {
    const own = await embeddedDatabase();
    try {
      const first = startBackend({ DATABASE_URL: own.url });
      const url = await first.url();
      const second = startBackend({ DATABASE_URL: own.url, DB_CONNECT_TIMEOUT: "1" });
      expect(await second.ended).toBe(1);
      expect(second.stdout()).toMatch(
        /^DB INIT \| mode=EMBEDDED_PGLITE .*\n(.*\n)*DB connectivity FAILED \| .* \| hint: .*\n$/,
      );
      expect((await register(url)).status).toBe(201);
    } finally {
      await own.remove();
    }
  });
});

describe.skipIf(!canStartPostgres)("a standby", () => {
  test("is refused: nothing could be written", async () => {
    const standby = await startPostgres({ standby: true });
    try {
      const server = startBackend({ DATABASE_URL: standby.url(), DB_CONNECT_TIMEOUT: "1" });
      expect(await server.ended).toBe(1);
      expect(server.stdout()).toMatch(/DB connectivity FAILED \| read-only standby.* \| hint: .*primary/);
    } finally {
      await standby.stop();
    }
  });
});

describe("a start that cannot be", () => {
  test("tells every mistake in the environment", async () => {
    const server = startBackend({ PORT: "x", LOG_LEVEL: "loud", NODE_ENV: "production" });
    expect(await server.ended).toBe(1);
    expect(server.stdout()).toBe("");
    expect(server.stderr()).toMatch(
      /^error: The environment has mistakes:\n {2}.*DATABASE_URL.*\n {2}PORT .*\n {2}LOG_LEVEL .*\nhint: /,
    );
  });

  test("tells wrong arguments, with status 2", async () => {
    const server = startBackend({}, ["--upgarde", "heads"]);
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toMatch(
      /^error: .*--upgarde.*\nhint: node backend\/server\.ts \[--upgrade TARGET\]\n$/,
    );
  });

  test("tells that the port is in use", async () => {
    const own = await anyDatabase();
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      const server = startBackend({ DATABASE_URL: own.url, PORT: String(port) });
      expect(await server.ended).toBe(1);
      expect(server.stderr()).toBe(
        `error: Port ${port} is in use.\nhint: stop what listens there, or set PORT to another (0 takes any)\n`,
      );
    } finally {
      other.close();
      await own.remove();
    }
  });
});

describeOnPostgres("a migration that fails", (shared) => {
  test("stops the start and tells the target that there is not", async () => {
    const own = await createTestDatabase(shared);
    try {
      const server = startBackend({ DATABASE_URL: own.url }, ["--upgrade", "nowhere"]);
      expect(await server.ended).toBe(1);
      expect(server.stdout()).toMatch(/DB connectivity OK\nUpgrading to nowhere\n$/);
      expect(server.stderr()).toMatch(/^error: .*nowhere.*\nhint: .*\n/);
    } finally {
      await own.close();
    }
  });
});
