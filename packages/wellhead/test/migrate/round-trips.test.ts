import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { listenOn, type Heard } from "../../../../test/support/listening-proxy.ts";
import {
  migrationsFolder,
  writeRevision,
  type TestRevision,
} from "../../../../test/support/migrations-folder.ts";
import type { SharedServer } from "../../../../test/support/postgres-servers.ts";
import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import { upgrade } from "../../src/index.ts";

describeOnPostgres("over the wire", (server) => {
  test("an upgrade with nothing to do asks one question, and takes no lock", async () => {
    const { url, heard, forget } = await listenOn((await database(server)).url);
    const migrations = migrationsFolder(...chain(0, 20));
    await upgrade({ url, migrations });
    forget();
    expect((await upgrade({ url, migrations })).steps).toEqual([]);
    expectOneQuestion(heard());
  });

  test("so it does where there is no ledger, as in a database that Alembic made", async () => {
    const { url, run } = await database(server);
    await run("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)");
    await run("INSERT INTO alembic_version VALUES ('r19')");
    const { url: through, heard } = await listenOn(url);
    await upgrade({ url: through, migrations: migrationsFolder(...chain(0, 20)) });
    expectOneQuestion(heard());
  });

  test("so it does where there is no version table and no revision", async () => {
    const { url, heard } = await listenOn((await database(server)).url);
    await upgrade({ url, migrations: migrationsFolder() });
    expectOneQuestion(heard());
  });

  test("a revision costs one round trip", async () => {
    const { url, heard, forget } = await listenOn((await database(server)).url);
    const run = await upgradeBy(url, { transaction: "all" });
    const cost = async (from: number, to: number): Promise<number> => {
      forget();
      await run(from, to);
      return heard().roundTrips;
    };
    // One more for the lines of several in the ledger.
    const forTwo = await cost(1, 3);
    expect(await cost(3, 23)).toBe(forTwo + 18);
  });

  test("with a transaction each it waits two round trips for a revision", async () => {
    const { url, heard, forget } = await listenOn((await database(server)).url, { answerMs: 20 });
    const run = await upgradeBy(url, { transaction: "each" });
    const cost = async (from: number, to: number): Promise<number> => {
      forget();
      await run(from, to);
      return heard().waits;
    };
    const forOne = await cost(1, 2);
    expect(await cost(2, 12)).toBe(forOne + 9 * 2);
  });
});

/** Brings a new database to its first revision; what comes back writes further ones and runs them. */
async function upgradeBy(
  url: string,
  options: { readonly transaction: "all" | "each" },
): Promise<(from: number, to: number) => Promise<void>> {
  const migrations = migrationsFolder(...chain(0, 1));
  await upgrade({ url, migrations, ...options });
  return async (from, to) => {
    for (const revision of chain(from, to)) writeRevision(migrations, revision);
    expect((await upgrade({ url, migrations, ...options })).steps).toHaveLength(to - from);
  };
}

/** Revisions `r<from>` up to, without, `r<to>`, one behind the other. */
function chain(from: number, to: number): TestRevision[] {
  return Array.from({ length: to - from }, (_, n) => ({
    id: `r${from + n}`,
    ...(from + n > 0 && { revises: `r${from + n - 1}` }),
    upgrade: `CREATE TABLE t${from + n} (id int);\nINSERT INTO t${from + n} VALUES (1);`,
  }));
}

async function database(server: SharedServer): Promise<{ url: string; run: (sql: string) => Promise<void> }> {
  const { url, close } = await createTestDatabase(server);
  onTestFinished(close);
  return {
    url,
    run: async (sql) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(sql);
      await client.end();
    },
  };
}

function expectOneQuestion({ roundTrips, asked }: Heard): void {
  expect(roundTrips).toBe(1);
  // Parse, bind, describe, execute, sync.
  expect(asked.map((text) => text[0]).join("")).toBe("PBDES");
  expect(asked.join("\n")).not.toMatch(/lock\b|BEGIN/i);
}
