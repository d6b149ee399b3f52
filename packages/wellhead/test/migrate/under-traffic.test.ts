import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { migrationsFolder } from "../../../../test/support/migrations-folder.ts";
import type { SharedServer } from "../../../../test/support/postgres-servers.ts";
import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import { upgrade, type MigrateEvent } from "../../src/index.ts";

const table = { id: "a", upgrade: "CREATE TABLE t (id int); INSERT INTO t VALUES (1);" };
const alter = { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;" };

describeOnPostgres("a migration under traffic", (server) => {
  test("gives way to the application while a long reader holds the table, and lands when the reader ends", async () => {
    const { url, connect } = await database(server);
    await upgrade({ url, migrations: migrationsFolder(table) });
    const reader = await connect("the reader");
    await reader.query("BEGIN");
    await reader.query("SELECT * FROM t");

    const events: MigrateEvent[] = [];
    let isDone = false;
    const migration = upgrade({
      url,
      migrations: migrationsFolder(table, alter),
      lockTimeoutMs: 700,
      onEvent: (event) => events.push(event),
    }).finally(() => (isDone = true));
    const slowest = await slowestQuery(await connect("the app"), () => isDone || retries(events).length >= 2);
    await reader.query("COMMIT");

    expect((await migration).to).toEqual(["b"]);
    // A query waits at most for one lock timeout; without it, it would have waited for the reader.
    expect(slowest).toBeLessThan(1_500);
    const [first] = retries(events);
    expect(first).toMatchObject({ attempt: 1, reason: "a lock was not had in time" });
    expect(first?.blockers).toEqual([expect.objectContaining({ applicationName: "the reader" })]);
    expect(first?.blockers[0]?.query).toContain("SELECT * FROM t");
  });

  test("that does not get its lock in all its tries says at which statement, and leaves nothing", async () => {
    const { url, connect } = await database(server);
    await upgrade({ url, migrations: migrationsFolder(table) });
    const reader = await connect("the reader");
    await reader.query("BEGIN");
    await reader.query("SELECT * FROM t");
    const options = { url, migrations: migrationsFolder(table, alter), lockTimeoutMs: 50, lockRetries: 2 };
    await expect(upgrade(options)).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      revision: "b",
      sqlState: "55P03",
      line: 6,
      versions: ["a"],
      hint: expect.stringContaining("--lock-retries"),
    });
  });

  test("that loses a deadlock is tried again", async () => {
    const { url, connect } = await database(server);
    const migrations = migrationsFolder({
      id: "a",
      upgrade:
        "CREATE TABLE t (id int); CREATE TABLE u (id int); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1);",
    });
    await upgrade({ url, migrations });
    const other = await connect("the other");
    await other.query("SET deadlock_timeout = '10s'");
    await other.query("BEGIN");
    await other.query("UPDATE u SET id = 2");
    const events: MigrateEvent[] = [];
    const migration = upgrade({
      url,
      migrations: migrationsFolder(
        { id: "a" },
        // The migration takes t, then waits for u; the other has u and waits for t.
        {
          id: "b",
          revises: "a",
          upgrade:
            "SET LOCAL deadlock_timeout = '100ms'; UPDATE t SET id = 3; SELECT pg_sleep(0.3); UPDATE u SET id = 3;",
        },
      ),
      lockTimeoutMs: 0,
      onEvent: (event) => events.push(event),
    });
    await sleep(250);
    await other.query("UPDATE t SET id = 2");
    await other.query("COMMIT");
    expect((await migration).to).toEqual(["b"]);
    expect(retries(events)[0]).toMatchObject({ reason: "a deadlock" });
  });
});

function retries(events: readonly MigrateEvent[]): Extract<MigrateEvent, { kind: "retrying" }>[] {
  return events.filter((event) => event.kind === "retrying");
}

/** Asks the table again and again, as an application does; the slowest answer, in milliseconds. */
async function slowestQuery(client: Client, isDone: () => boolean): Promise<number> {
  let slowest = 0;
  while (!isDone()) {
    const begun = performance.now();
    await client.query("SELECT count(*) FROM t");
    slowest = Math.max(slowest, performance.now() - begun);
    await sleep(10);
  }
  return slowest;
}

async function database(server: SharedServer): Promise<{
  readonly url: string;
  readonly connect: (applicationName: string) => Promise<Client>;
}> {
  const created = await createTestDatabase(server);
  onTestFinished(() => created.close());
  return {
    url: created.url,
    connect: async (applicationName) => {
      const client = new Client({ connectionString: created.url, application_name: applicationName });
      await client.connect();
      onTestFinished(async () => await client.end());
      return client;
    },
  };
}
