import { expect, test } from "vitest";

import { startBackend } from "../support/backend-process.ts";
import { anyDatabase, describeOnDatabases } from "../support/databases.ts";
import { ask, countUsers, newEmail, register } from "../support/requests.ts";

describeOnDatabases("the server", (create) => {
  test("says which database it is, migrates, serves, and keeps what it has acknowledged over a restart", async () => {
    const own = await create();
    const email = newEmail();
    try {
      const first = startBackend({ DATABASE_URL: own.url });
      const url = await first.url();
      expect(first.stdout()).toMatch(
        /^DB INIT \| mode=(EXTERNAL_POSTGRES|EMBEDDED_PGLITE) \| url=\S+\nDB connectivity OK\nUpgrading to heads\n(Running upgrade .* -> \w+: .*\n)+Listening on http:\/\/localhost:\d+\n$/,
      );
      expect(await ask(`${url}/readyz`)).toMatchObject({ status: 200 });
      expect(await register(url, { email })).toMatchObject({ status: 201 });
      first.kill("SIGTERM");
      expect(await first.ended).toBe(0);
      expect(first.stderr()).toBe("");

      const second = startBackend({ DATABASE_URL: own.url });
      const again = await second.url();
      expect(second.stdout()).toContain("Nothing to upgrade");
      expect(await register(again, { email: email.toUpperCase() })).toMatchObject({ status: 409 });
      expect(await countUsers(again)).toBe(1);
      second.kill("SIGINT");
      second.kill("SIGINT");
      expect(await second.ended).toBe(0);
      const lines = second.stdout().split("\n");
      for (const banner of ["DB INIT", "DB connectivity OK", "Listening on"]) {
        expect(lines.filter((line) => line.startsWith(banner))).toHaveLength(1);
      }
    } finally {
      await own.remove();
    }
  });
});

test("upgrades to an id when it is told to, and is ready when it stands there", async () => {
  const own = await anyDatabase();
  try {
    const server = startBackend({ DATABASE_URL: own.url }, ["--upgrade", "usr_20261123_users_table"]);
    const url = await server.url();
    expect(server.stdout()).toContain("Upgrading to usr_20261123_users_table\n");
    expect(await ask(`${url}/readyz`)).toMatchObject({ status: 200, body: { checks: { revision: "ok" } } });
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  } finally {
    await own.remove();
  }
});

test("without --upgrade it migrates nothing and says on /readyz what is missing", async () => {
  const own = await anyDatabase();
  try {
    const server = startBackend({ DATABASE_URL: own.url }, []);
    const url = await server.url();
    expect(server.stdout()).not.toContain("upgrade");
    expect(await ask(`${url}/readyz`)).toMatchObject({
      status: 503,
      body: { checks: { revision: "behind" } },
    });
  } finally {
    await own.remove();
  }
});
