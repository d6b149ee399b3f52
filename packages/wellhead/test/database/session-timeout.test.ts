import { expect, test } from "vitest";

import { linkTo } from "../../../../backend/test/support/breakable-link.ts";
import { createTestDatabase, describeOnPostgres } from "../../../../test/support/test-database.ts";
import { openDatabase, type Database } from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";

describeOnPostgres("work that has a time to end", (server) => {
  async function withDatabase(work: (database: Database, silence: () => void) => Promise<void>) {
    const scratch = await createTestDatabase(server);
    const link = await linkTo(scratch.url);
    const database = await openDatabase(targetOf(link.url), { maxSessions: 1 });
    try {
      await work(database, () => link.silence());
    } finally {
      await database.close();
      await link.cut();
      await scratch.close();
    }
  }

  test("the server ends its statement, and the session serves on without the limit", async () => {
    await withDatabase(async (database) => {
      const pid = async () =>
        await database.withSession(async (s) => await s.query("SELECT pg_backend_pid(), pg_sleep(0.3)"));
      const before = await pid();
      const sleeping = database.transaction(async (s) => await s.query("SELECT pg_sleep(30)"), {
        timeoutMs: 100,
      });
      await expect(sleeping).rejects.toMatchObject({ code: "E_STATEMENT", sqlState: "57014" });
      expect(await pid()).toEqual(before);
    });
  });

  test("the server ends a single write as well, which has then not happened", async () => {
    await withDatabase(async (database) => {
      await database.withSession(async (s) => await s.run("CREATE TABLE slow (n int)"));
      const sleeping = database.write("INSERT INTO slow SELECT 1 FROM pg_sleep(30)", [], { timeoutMs: 100 });
      await expect(sleeping).rejects.toMatchObject({ code: "E_STATEMENT", sqlState: "57014" });
      expect(await database.write("SELECT n FROM slow")).toEqual([]);
    });
  });

  test("a write that a silent server does not answer may have been committed, and says so", async () => {
    await withDatabase(async (database, silence) => {
      silence();
      await expect(database.write("SELECT 1", [], { timeoutMs: 50 })).rejects.toMatchObject({
        code: "E_DB_CONNECTION_LOST",
        duringCommit: true,
      });
    });
  });

  test("a server that has gone silent is given up", async () => {
    await withDatabase(async (database, silence) => {
      silence();
      const asked = database.transaction(async (s) => await s.query("SELECT 1"), { timeoutMs: 50 });
      await expect(asked).rejects.toMatchObject({
        code: "E_DB_CONNECTION_LOST",
        reason: "no answer within 50 ms",
      });
    });
  });

  test("who waits too long for a session is told so, and its turn goes on to the next", async () => {
    await withDatabase(async (database) => {
      const release = Promise.withResolvers<void>();
      const holder = database.withSession(async () => await release.promise);
      const late = database.withSession(async (s) => await s.query("SELECT 1"), { timeoutMs: 30 });
      const patient = database.withSession(async (s) => await s.query("SELECT 2 AS two"));
      await expect(late).rejects.toMatchObject({ code: "E_DB_TIMEOUT", timeoutMs: 30 });
      release.resolve();
      await holder;
      expect(await patient).toEqual([{ two: 2 }]);
    });
  });
});
