import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { connectedDatabase } from "../../../../test/support/connected-database.ts";
import {
  migrationsFolder,
  temporaryFolder,
  writeRevision,
} from "../../../../test/support/migrations-folder.ts";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { upgrade, waitForHeads } from "../../src/index.ts";

const line = [
  { id: "a", upgrade: "CREATE TABLE t (id int);" },
  { id: "b", revises: "a", upgrade: "ALTER TABLE t ADD b int;" },
];

describeOnPostgres("waiting for the heads", (server) => {
  test("ends when another process has migrated, over one connection, and tells that it waits", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    const told: string[] = [];
    const waiting = waitForHeads({
      ...db,
      migrations,
      applicationName: "replica",
      onWait: ({ reason }) => told.push(reason),
    });
    await sleep(500);
    expect(
      await db.rows("SELECT application_name FROM pg_stat_activity WHERE application_name = 'replica'"),
    ).toHaveLength(1);
    await upgrade({ ...db, migrations });
    expect(await waiting).toEqual(["b"]);
    expect(told).toEqual(["The database is not at all heads: it stands at no version; missing b."]);
  });

  test("gives up after the time, and looks once when there is none", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    const begun = performance.now();
    await expect(waitForHeads({ ...db, migrations, timeoutMs: 400 })).rejects.toMatchObject({
      code: "E_NOT_AT_HEADS",
      missing: ["b"],
    });
    expect(performance.now() - begun).toBeGreaterThan(390);
    await expect(waitForHeads({ ...db, migrations, timeoutMs: 0 })).rejects.toThrow("not at all heads");
  });

  test("outlives its connection", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...line);
    const waiting = waitForHeads({ ...db, migrations, applicationName: "replica" });
    await sleep(400);
    await db.rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'replica'",
    );
    await sleep(100);
    await upgrade({ ...db, migrations });
    expect(await waiting).toEqual(["b"]);
  });

  test("a head that another revision depends on needs no row, unless Alembic's rule is asked for", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder({ id: "a" });
    writeRevision(migrations, { id: "b", head: ["depends on: a"] });
    await upgrade({ ...db, migrations });
    expect(await waitForHeads({ ...db, migrations, timeoutMs: 0 })).toEqual(["b"]);
    await expect(
      waitForHeads({ ...db, migrations, timeoutMs: 0, resolveDependencies: false }),
    ).rejects.toMatchObject({ code: "E_NOT_AT_HEADS", covered: ["a"] });
  });
});

describe("waiting for an embedded database", () => {
  test("neither makes it nor keeps it from whoever does", async () => {
    const options = { env: {}, baseFolder: temporaryFolder(), migrations: migrationsFolder(...line) };
    const waiting = waitForHeads(options);
    await sleep(300);
    await upgrade(options);
    expect(await waiting).toEqual(["b"]);
  });
});
