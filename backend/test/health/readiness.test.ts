import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { downgrade, upgrade } from "wellhead";
import { canStartPostgres, startPostgres } from "../../../test/support/test-database.ts";
import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { linkTo } from "../support/breakable-link.ts";
import { ask, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

const UNAVAILABLE = {
  status: 503,
  body: {
    status: "unavailable",
    checks: { database: "unavailable", writes: "unknown", revision: "unknown", users: "unknown" },
  },
};

async function run(app: ServedApp, script: string): Promise<void> {
  await app.database.withSession(async (session) => await session.run(script));
}

describeOnDatabases("readiness", (create) => {
  let own: OwnDatabase;
  let app: ServedApp;

  beforeAll(async () => {
    own = await create();
    app = await serveApp(own.url);
  });
  afterAll(async () => {
    await app.close();
    await own.remove();
  });

  test("a database at its head, which takes writes, is ready", async () => {
    expect(await ask(`${app.url}/readyz`)).toMatchObject({
      status: 200,
      body: { status: "ready", checks: { database: "ok", writes: "ok", revision: "ok", users: "ok" } },
    });
  });

  test("one that a newer release has migrated is: this one serves until it is replaced", async () => {
    const { to } = await upgrade({ database: app.database, migrations: MIGRATIONS });
    await run(app, "UPDATE alembic_version SET version_num = 'of_tomorrow'");
    expect(await ask(`${app.url}/readyz`)).toMatchObject({
      status: 200,
      body: { checks: { revision: "ahead" } },
    });
    await run(app, `UPDATE alembic_version SET version_num = '${to.join()}'`);
  });

  test("one that was stamped without its tables is not, though its versions are the head's", async () => {
    await run(app, "ALTER TABLE users RENAME TO moved");
    expect(await ask(`${app.url}/readyz`)).toMatchObject({
      status: 503,
      body: { checks: { database: "ok", writes: "ok", revision: "ok", users: "missing" } },
    });
    await run(app, "ALTER TABLE moved RENAME TO users");
    expect((await ask(`${app.url}/readyz`)).status).toBe(200);
  });

  test("a database at an earlier revision is not", async () => {
    await downgrade({ database: app.database, migrations: MIGRATIONS, target: "-1" });
    expect(await ask(`${app.url}/readyz`)).toMatchObject({
      status: 503,
      body: { status: "unavailable", checks: { database: "ok", writes: "ok", revision: "behind" } },
    });
    await run(app, "DROP TABLE alembic_version");
    expect(await ask(`${app.url}/readyz`)).toMatchObject({
      status: 503,
      body: { checks: { revision: "behind" } },
    });
  });

  test("a process that is about to stop is not ready, and still alive", async () => {
    app.stopping();
    expect(await ask(`${app.url}/readyz`)).toMatchObject({ status: 503, body: { status: "stopping" } });
    expect(await ask(`${app.url}/healthz`)).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

describe.skipIf(!canStartPostgres)("a database that goes away", () => {
  test("is told by 503, without a word of why, and served again when it is back", async () => {
    const server = await startPostgres();
    const link = await linkTo(server.url());
    const app = await serveApp(link.url);
    try {
      expect((await register(app.url)).status).toBe(201);
      await link.cut();
      expect(await ask(`${app.url}/readyz`)).toMatchObject(UNAVAILABLE);
      expect((await ask(`${app.url}/healthz`)).status).toBe(200);
      for (const answer of [await register(app.url), await ask(`${app.url}/debug/users_count`)]) {
        expect(answer).toMatchObject({ status: 503, body: { detail: "Service Unavailable" } });
        expect(answer.headers.get("Retry-After")).toBe("5");
      }
      expect(app.logged.filter(({ level }) => level === "error")).toMatchObject([
        { err: { code: expect.stringMatching(/^E_DB_CONNECT/) }, requestId: expect.any(String) },
        { err: { code: expect.stringMatching(/^E_DB_CONNECT/) }, requestId: expect.any(String) },
      ]);
      await link.mend();
      expect((await ask(`${app.url}/readyz`)).status).toBe(200);
      expect((await register(app.url)).status).toBe(201);
      expect(await ask(`${app.url}/debug/users_count`)).toMatchObject({ body: { count: 2 } });
    } finally {
      await app.close();
      await link.cut();
      await server.stop();
    }
  });

  test("or that says nothing any more is not waited for by /readyz", async () => {
    const server = await startPostgres();
    const link = await linkTo(server.url());
    const app = await serveApp(link.url);
    try {
      link.silence();
      const started = performance.now();
      const answers = await Promise.all([1, 2, 3].map(async () => await ask(`${app.url}/readyz`)));
      for (const answer of answers) expect(answer).toMatchObject(UNAVAILABLE);
      // By its own limit of two seconds, long before the one of the database.
      expect(performance.now() - started).toBeLessThan(9_000);
      expect((await ask(`${app.url}/healthz`)).status).toBe(200);
    } finally {
      await link.cut();
      await app.close();
      await server.stop();
    }
  });

  test("or that takes no more writes is not ready, and refuses registrations with 503", async () => {
    const server = await startPostgres();
    const app = await serveApp(server.url());
    try {
      await run(app, "ALTER SYSTEM SET default_transaction_read_only = on");
      await run(app, "SELECT pg_reload_conf()");
      await expect
        .poll(async () => await ask(`${app.url}/readyz`))
        .toMatchObject({
          status: 503,
          body: { checks: { database: "ok", writes: "read-only", revision: "ok" } },
        });
      expect(await register(app.url)).toMatchObject({ status: 503, body: { detail: "Service Unavailable" } });
    } finally {
      await app.close();
      await server.stop();
    }
  });
});
