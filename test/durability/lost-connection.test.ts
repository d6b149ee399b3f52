// The command line when its connection goes: it is taken up again (take-up.test.ts), or there is a clear error, status 1,
// no stack, no hang, and the lock is free.

import { expect, test } from "vitest";

import { upgrade, type MigrateEvent } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const slow = { id: "a", upgrade: "CREATE TABLE t (id int);\nSELECT pg_sleep(60);" };
const quick = { id: "a", upgrade: "CREATE TABLE t (id int);" };

describeOnPostgres("a connection that is lost", (server) => {
  test("while the command waits for the lock is replaced, and it waits on", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(quick);
    await upgrade({ ...db, migrations });
    const key = `hashtextextended('wellhead ${db.name} public alembic_version', 0)`;
    await db.rows(`SELECT pg_advisory_lock(${key})`);
    const more = migrationsFolder(quick, { id: "b", revises: "a", upgrade: "CREATE TABLE u (id int);" });
    const running = runCli(["upgrade", "--dir", more], {
      cwd: temporaryFolder(),
      env: { DATABASE_URL: `${db.url}?application_name=waiter` },
    });
    // It has asked for the lock in vain, and rolled back what it asked in.
    const waiter = "FROM pg_stat_activity WHERE application_name = 'waiter' AND query = 'ROLLBACK'";
    await expect.poll(async () => await db.rows(`SELECT 1 ${waiter}`), { timeout: 20_000 }).toHaveLength(1);
    await db.rows(`SELECT pg_terminate_backend(pid) ${waiter}`);
    await db.rows(`SELECT pg_advisory_unlock(${key})`);
    const { exitCode, stdout, stderr } = await running;
    expect(stderr).toContain("the connection was lost (terminating connection");
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("stands at b"),
    });
  });

  test("because somebody has ended it while a revision runs, ends the run", async () => {
    const db = await connectedDatabase(server);
    const running = runCli(["upgrade", "--dir", migrationsFolder(slow)], {
      cwd: temporaryFolder(),
      env: { DATABASE_URL: `${db.url}?application_name=runner` },
    });
    const runner = "FROM pg_stat_activity WHERE application_name = 'runner' AND wait_event = 'PgSleep'";
    await expect.poll(async () => await db.rows(`SELECT 1 ${runner}`), { timeout: 20_000 }).toHaveLength(1);
    await db.rows(`SELECT pg_terminate_backend(pid) ${runner}`);
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: The connection to the database was lost: terminating connection.*\nhint: /m,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await upgrade({ ...db, migrations: migrationsFolder(quick), waitForLockMs: 1000 })).to).toEqual([
      "a",
    ]);
  });

  test("without a word is noticed by the server in minutes, not in hours", async () => {
    const db = await connectedDatabase(server);
    const seen = "INSERT INTO seen SELECT current_setting('tcp_keepalives_idle')::int;";
    const migrations = migrationsFolder(
      { id: "a", upgrade: `CREATE TABLE seen (idle int); ${seen}` },
      { id: "b", revises: "a", upgrade: seen },
      { id: "c", revises: "b", head: ["transaction: none"], upgrade: seen },
    );
    await upgrade({ ...db, migrations });
    expect(await db.rows("SELECT idle FROM seen")).toEqual([{ idle: 60 }, { idle: 60 }, { idle: 60 }]);
  });

  test("of the session that holds the lock, while a statement runs outside: no other run does it again", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(quick, {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: "INSERT INTO t SELECT 1 FROM pg_sleep(1);\nINSERT INTO t VALUES (2);",
    });
    await upgrade({ ...db, migrations, target: "a" });
    const first = upgrade({ ...db, migrations }).catch((error: unknown) => error);
    const holder =
      "FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    const inside = "FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    await expect.poll(async () => await db.rows(`SELECT 1 ${inside}`)).toHaveLength(1);
    await db.rows(`SELECT pg_terminate_backend(pid) ${holder}`);
    const events: MigrateEvent[] = [];
    const second = upgrade({ ...db, migrations, onEvent: (event) => events.push(event) });
    const outcomes = await Promise.all([first, second.catch((error: unknown) => error)]);
    const failures = outcomes.filter((outcome) => outcome instanceof Error);
    // The first one takes its run up again, unless the second one has been quicker.
    expect(failures.length).toBeLessThanOrEqual(1);
    for (const failure of failures) expect(failure).toMatchObject({ code: "E_TAKEN_OVER" });
    await upgrade({ ...db, migrations });
    expect(await db.rows("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("a statement outside that does not get its lock is tried as often as is said, not squared", async () => {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(quick, {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: "ALTER TABLE t ADD v int;",
    });
    await upgrade({ ...db, migrations, target: "a" });
    await db.rows("BEGIN");
    await db.rows("LOCK TABLE t");
    const events: MigrateEvent[] = [];
    const options = {
      lockTimeoutMs: 800,
      lockRetries: 2,
      onEvent: (event: MigrateEvent) => events.push(event),
    };
    await expect(upgrade({ ...db, migrations, ...options })).rejects.toMatchObject({
      code: "E_MIGRATION_FAILED",
      sqlState: "55P03",
      statementsDone: 0,
    });
    const retries = events.filter((event) => event.kind === "retrying");
    expect(retries).toHaveLength(2);
    expect(retries[0]?.blockers).toEqual([expect.objectContaining({ query: "LOCK TABLE t" })]);
    await db.rows("ROLLBACK");
  });
});
