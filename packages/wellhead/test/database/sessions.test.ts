import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, onTestFinished, test } from "vitest";

import {
  canStartPostgres,
  createTestDatabase,
  describeOnPostgres,
  startPostgres,
} from "../../../../test/support/test-database.ts";
import type { SharedServer } from "../../../../test/support/postgres-servers.ts";
import { ConnectionLostError, openDatabase, type Database, type Session } from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { failure } from "./session-contract.ts";

async function openOn(server: SharedServer, maxSessions: number): Promise<Database> {
  const scratch = await createTestDatabase(server);
  const database = await openDatabase(targetOf(scratch.url), { maxSessions });
  onTestFinished(async () => {
    await database.close();
    await scratch.close();
  });
  return database;
}

async function pidOf(session: Session): Promise<number> {
  const [row] = await session.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return row?.pid ?? 0;
}

/** Ends a server process, as an administrator, a failover or a network would. */
async function terminate(database: Database, pid: number): Promise<void> {
  await database.withSession(async (session) => {
    await session.query("SELECT pg_terminate_backend($1)", [pid]);
    for (;;) {
      const rows = await session.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [pid]);
      if (rows.length === 0) return;
      await sleep(5);
    }
  });
}

describeOnPostgres("sessions", (server) => {
  test("as many callers work at once as there may be sessions, and no more", async () => {
    const database = await openOn(server, 3);
    let atOnce = 0;
    let most = 0;
    const pids = await Promise.all(
      Array.from({ length: 12 }, () =>
        database.withSession(async (session) => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          const pid = await pidOf(session);
          await sleep(5);
          atOnce -= 1;
          return pid;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(new Set(pids).size).toBe(3);
  });

  test("a session is used again when it was left as it was found", async () => {
    const database = await openOn(server, 2);
    const first = await database.withSession(pidOf);
    await failure(database.withSession((session) => session.query("SELECT 1/0")));
    await failure(database.transaction((session) => session.query("SELECT 1/0")));
    expect(await database.withSession(pidOf)).toBe(first);
  });

  test("a connection that dies under a statement is told from a statement that failed", async () => {
    const database = await openOn(server, 2);
    const error = await failure(
      database.withSession(async (session) => {
        const pid = await pidOf(session);
        const sleeping = session.query("SELECT pg_sleep(30)");
        sleeping.catch(() => undefined);
        await terminate(database, pid);
        expect(await failure(sleeping)).toBeInstanceOf(ConnectionLostError);
        await session.query("SELECT 1");
      }),
    );
    expect(error).toMatchObject({ code: "E_DB_CONNECTION_LOST", sqlState: "57P01", duringCommit: false });
    expect(await database.withSession((session) => session.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  });

  test("a transaction whose connection dies leaves nothing behind", async () => {
    const database = await openOn(server, 2);
    await database.withSession((session) => session.run("CREATE TABLE t (n int)"));
    const error = await failure(
      database.transaction(async (session) => {
        await session.run("INSERT INTO t VALUES (1)");
        await terminate(database, await pidOf(session));
        await session.run("INSERT INTO t VALUES (2)");
      }),
    );
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(await database.withSession((session) => session.query("SELECT * FROM t"))).toEqual([]);
  });

  test("when COMMIT is not answered, nobody says that it landed or that it did not", async () => {
    const database = await openOn(server, 2);
    // The trigger runs at COMMIT and ends its own server process.
    await database.withSession((session) =>
      session.run(`CREATE TABLE t (n int);
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`),
    );
    const error = await failure(database.transaction((session) => session.run("INSERT INTO t VALUES (1)")));
    expect(error).toMatchObject({ code: "E_DB_CONNECTION_LOST", duringCommit: true });
  });

  test("a connection that dies while nobody uses it is replaced", async () => {
    const database = await openOn(server, 1);
    const admin = await openOn(server, 1);
    const first = await database.withSession(pidOf);
    await terminate(admin, first);
    await sleep(50);
    expect(await database.withSession(pidOf)).not.toBe(first);
  });
});

describe.skipIf(!canStartPostgres)("a server that goes away", () => {
  test("fails those who come while it is away, and serves those who come after", async () => {
    const server = await startPostgres();
    const database = await openDatabase(targetOf(server.url()), { maxSessions: 2 });
    try {
      const during = database.withSession((session) => session.query("SELECT pg_sleep(30)"));
      during.catch(() => undefined);
      await sleep(50);
      await server.crash();
      expect(await failure(during)).toBeInstanceOf(ConnectionLostError);
      const waiting = Array.from({ length: 4 }, () => failure(database.withSession(pidOf)));
      for (const error of await Promise.all(waiting)) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^E_DB_CONNECT(_REFUSED|_DROPPED|ION_LOST)$/),
        });
      }
    } finally {
      await database.close();
      await server.stop();
    }
  });
});
