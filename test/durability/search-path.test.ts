import { describe, expect, inject, onTestFinished, test } from "vitest";

import { openDatabase, parseDatabaseUrl, upgrade, type Database } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase, type ConnectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder } from "../support/migrations-folder.ts";
import { newestOfOurs as newest } from "./support/own-servers.ts";
import { pgBouncerPath, startPgBouncer, type PoolMode } from "./support/pgbouncer.ts";

describe.skipIf(newest === undefined || pgBouncerPath === undefined)(
  "the schema of a URL behind PgBouncer",
  () => {
    test.for<readonly [PoolMode, "all" | "each"]>([
      ["transaction", "all"],
      ["transaction", "each"],
      ["session", "all"],
      ["session", "each"],
    ])("holds for every revision (%s mode, transaction %s)", async ([mode, transaction]) => {
      const db = await databaseBehindPooler(mode);
      const migrations = migrationsFolder(
        { id: "a", upgrade: "CREATE TABLE t (id int); SET search_path = public;" },
        { id: "b", revises: "a", upgrade: "INSERT INTO t VALUES (1); CREATE TABLE u (id int);" },
        {
          id: "c",
          revises: "b",
          head: ["transaction: none"],
          upgrade: "INSERT INTO u VALUES (1);\nCREATE TABLE v (id int);",
        },
        { id: "d", revises: "c", upgrade: "INSERT INTO v VALUES (1);" },
      );
      expect((await upgrade({ ...db, migrations, transaction })).to).toEqual(["d"]);
      expect(await db.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'app' ORDER BY 1")).toEqual(
        ["alembic_version", "t", "u", "v", "wellhead_ledger"].map((tablename) => ({ tablename })),
      );
    });

    const table = { id: "a", upgrade: "CREATE TABLE t (id int);" };
    const index = {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: "CREATE INDEX CONCURRENTLY t_id ON t (id);",
    };

    test("holds for what must be alone, in session mode", async () => {
      const db = await databaseBehindPooler("session");
      await upgrade({ ...db, migrations: migrationsFolder(table, index) });
      expect(await db.rows("SELECT schemaname FROM pg_indexes WHERE indexname = 't_id'")).toEqual([
        { schemaname: "app" },
      ]);
    });

    test("cannot hold for what must be alone, in transaction mode: the error says what to do", async () => {
      const db = await databaseBehindPooler("transaction");
      await expect(upgrade({ ...db, migrations: migrationsFolder(table, index) })).rejects.toMatchObject({
        code: "E_ALONE_BEHIND_POOLER",
        revision: "b",
        hint: expect.stringContaining("DIRECT_URL"),
      });
    });
  },
);

async function databaseBehindPooler(
  mode: PoolMode,
): Promise<Pick<ConnectedDatabase, "rows"> & { readonly database: Database }> {
  if (newest === undefined) throw new Error("unreachable: skipped without a server");
  const db = await connectedDatabase(newest);
  await db.rows("CREATE SCHEMA app");
  const user = inject("postgres").installations.at(-1)?.user ?? {};
  const pooler = await startPgBouncer({ mode, server: db.url, user });
  const url = `${pooler.through(db.url)}?schema=app&pgbouncer=true`;
  const target = parseDatabaseUrl({ DATABASE_URL: url });
  if (target.driver !== "pg") throw new Error("unreachable: the URL names a server");
  // A pooler in session mode is known by its host's name, which no test can have.
  const database = await openDatabase({ ...target, poolMode: mode }, { maxSessions: 2 });
  onTestFinished(async () => {
    await database.close();
    await pooler.stop();
  });
  return { rows: db.rows, database };
}
