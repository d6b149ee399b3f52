// The moment between a statement that cannot be in a transaction and the count of it: the server has done it, and
// the run that sent it is gone. Cutting the connection when the answer comes is that moment.

import { describe, expect, onTestFinished, test } from "vitest";

import { OutcomeUnknownError, upgrade, type MigrateEvent } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase, type ConnectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";
import { isOurs } from "./support/own-servers.ts";
import { startCuttingProxy, type Cut } from "./support/cutting-proxy.ts";

const base = {
  id: "a",
  upgrade: `CREATE TABLE t (id int, v int); INSERT INTO t SELECT n, n FROM generate_series(1, 1000) n;
CREATE INDEX old ON t (v); CREATE TABLE log (word text);
CREATE TABLE part (id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE PROCEDURE batches() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('batch'); COMMIT; END $$;`,
};

/** A run that does not take itself up again: whoever comes next is another one. */
const gone = { connectTimeoutMs: 0 };

/** A statement, and what it leaves: a query whose answer is true once it was done. */
interface Window {
  readonly statement: string;
  readonly done: string;
  /** Settings in front of it, which must hold for the second try as well. */
  readonly settings?: string;
}

const windows: Readonly<Record<string, Window>> = {
  "CREATE INDEX CONCURRENTLY": {
    statement: "CREATE INDEX CONCURRENTLY new ON t (v)",
    done: "SELECT indisvalid FROM pg_index WHERE indexrelid = 'new'::regclass",
  },
  "CREATE INDEX CONCURRENTLY in a schema of the search path": {
    settings: "SET search_path = side, public",
    statement: "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS new ON s (id)",
    done: "SELECT indisvalid FROM pg_index WHERE indexrelid = 'side.new'::regclass",
  },
  "DROP INDEX CONCURRENTLY": {
    statement: "DROP INDEX CONCURRENTLY old",
    done: "SELECT to_regclass('old') IS NULL",
  },
  "DROP INDEX CONCURRENTLY IF EXISTS": {
    statement: "DROP INDEX CONCURRENTLY IF EXISTS public.old",
    done: "SELECT to_regclass('old') IS NULL",
  },
  "REINDEX CONCURRENTLY": {
    statement: "REINDEX TABLE CONCURRENTLY t",
    done: "SELECT NOT EXISTS (SELECT FROM pg_class WHERE relname ~ '_cc(new|old)')",
  },
  VACUUM: { statement: "VACUUM t", done: "SELECT true" },
  "ALTER SYSTEM": { statement: "ALTER SYSTEM SET log_checkpoints = on", done: "SELECT true" },
  "DETACH PARTITION CONCURRENTLY": {
    statement: "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY",
    done: "SELECT NOT relispartition FROM pg_class WHERE relname = 'part_1'",
  },
  "CREATE DATABASE": {
    statement: "CREATE DATABASE NAME_2 TEMPLATE template0",
    done: "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'NAME_2')",
  },
  "DROP DATABASE": {
    statement: "DROP DATABASE NAME_1",
    done: "SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = 'NAME_1')",
  },
  "CREATE TABLESPACE": {
    settings: "SET allow_in_place_tablespaces = on",
    statement: "CREATE TABLESPACE NAME_3 LOCATION ''",
    done: "SELECT EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'NAME_3')",
  },
  "ALTER TYPE … ADD VALUE": {
    statement: "ALTER TYPE mood ADD VALUE 'good'",
    done: "SELECT EXISTS (SELECT FROM pg_enum WHERE enumlabel = 'good')",
  },
  INSERT: {
    statement: "INSERT INTO log VALUES ('one')",
    done: "SELECT count(*) = 1 FROM log WHERE word = 'one'",
  },
};

/** What reaches beyond a database. */
const beyondDatabase = ["ALTER SYSTEM", "CREATE TABLESPACE"];

describeOnPostgres("a statement outside a transaction", (server) => {
  const possible = Object.keys(windows).filter((name) => isOurs(server) || !beyondDatabase.includes(name));
  const cuts = possible.flatMap((name) =>
    (["before", "answer"] as const).map((cut): readonly [string, Cut] => [name, cut]),
  );

  test.for(cuts)("%s: a connection that is cut (%s) leaves a run that can go on", async ([name, cut]) => {
    const { settings = "SET application_name = 'window'", ...window } = windows[name] as Window;
    const db = await preparedDatabase();
    const named = (sql: string): string => sql.replaceAll("NAME", db.name);
    const statement = named(window.statement);
    const migrations = migrationsFolder(base, {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: `INSERT INTO log VALUES ('before');\n${settings};\n${statement};\nINSERT INTO log VALUES ('behind');`,
    });
    const isSent = sentOutside(statement);
    await expect(
      upgrade({ url: await cutting(db.url, isSent, cut), migrations, ...gone }),
    ).rejects.toMatchObject({
      code: "E_DB_CONNECTION_LOST",
      duringCommit: true,
      hint: expect.stringContaining("Run again"),
    });
    expect((await upgrade({ url: db.url, migrations })).to).toEqual(["b"]);
    expect(Object.values((await db.rows(named(window.done)))[0] ?? {})).toEqual([true]);
    expect(await db.rows("SELECT word, count(*)::int FROM log WHERE word <> 'one' GROUP BY word")).toEqual([
      { word: "before", count: 1 },
      { word: "behind", count: 1 },
    ]);
    expect(
      await db.rows(
        "SELECT statements_done FROM wellhead_ledger WHERE revision = 'b' AND finished_at IS NOT NULL",
      ),
    ).toEqual([{ statements_done: 4 }]);
    expect(await db.rows("SELECT count(*)::int AS n FROM pg_index WHERE NOT indisvalid")).toEqual([{ n: 0 }]);
  });

  describe("of which nothing tells whether it was done", () => {
    const revision = {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: "SET application_name = 'window';\nCALL batches();\nINSERT INTO log VALUES ('behind');",
    };

    test.for([
      ["ifDone", "counts it", ["batch", "behind"]],
      ["ifNotDone", "sends it again", ["batch", "batch", "behind"]],
    ] as const)("is asked about, and the error's SQL (%s) %s", async ([answer, , words]) => {
      const db = await preparedDatabase();
      const migrations = migrationsFolder(base, revision);
      const url = await cutting(db.url, sentOutside("CALL batches()"), "answer");
      await expect(upgrade({ url, migrations, ...gone })).rejects.toMatchObject({
        code: "E_DB_CONNECTION_LOST",
      });
      const question = await upgrade({ url: db.url, migrations }).catch((error: unknown) => error);
      if (!(question instanceof OutcomeUnknownError)) throw question;
      expect(question).toMatchObject({ revision: "b", line: 8, statementsDone: 0 });
      expect(question.hint).toContain(question[answer]);
      await db.rows(question[answer]);
      expect((await upgrade({ url: db.url, migrations })).to).toEqual(["b"]);
      expect(await db.rows("SELECT word FROM log ORDER BY word")).toEqual(words.map((word) => ({ word })));
    });
  });

  const halves: Readonly<Record<string, string>> = {
    "CREATE INDEX CONCURRENTLY": "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass('new')",
    "DROP INDEX CONCURRENTLY": "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass('old')",
    "REINDEX CONCURRENTLY": "SELECT true FROM pg_class WHERE relname = 'old_ccnew'",
    "DETACH PARTITION CONCURRENTLY": "SELECT inhdetachpending FROM pg_inherits",
  };

  test.for(Object.entries(halves))(
    "%s: what it leaves when it is ended half way is cleared up",
    async ([name, half]) => {
      const { statement, done } = windows[name] as Window;
      const db = await preparedDatabase();
      const migrations = migrationsFolder(base, {
        id: "b",
        revises: "a",
        head: ["transaction: none"],
        upgrade: `${statement};`,
      });
      await upgrade({ url: db.url, migrations: migrationsFolder(base) });
      // Everything concurrent waits for the transactions that are there before it.
      const other = await db.other();
      await other("BEGIN");
      await other("INSERT INTO t VALUES (0, 0)");
      await other("SELECT FROM part");
      const failure = upgrade({ url: db.url, migrations }).catch((error: unknown) => error);
      await expect.poll(async () => await db.rows(half)).toHaveLength(1);
      const waiting = `FROM pg_stat_activity WHERE query LIKE '/* wellhead % ${statement}' AND wait_event_type = 'Lock'`;
      await expect
        .poll(async () => await db.rows(`SELECT pg_terminate_backend(pid) ${waiting}`))
        .toHaveLength(1);
      expect(await failure).toMatchObject({ code: "E_DB_CONNECTION_LOST", sqlState: "57P01" });
      expect(Object.values((await db.rows(half))[0] ?? {})).toEqual([true]);
      await other("COMMIT");
      expect((await upgrade({ url: db.url, migrations })).to).toEqual(["b"]);
      expect(Object.values((await db.rows(done))[0] ?? {})).toEqual([true]);
      expect(await db.rows("SELECT FROM pg_index WHERE NOT indisvalid")).toEqual([]);
    },
  );

  test("whose server process outlives us is waited for, and its index is not built again", async () => {
    const db = await preparedDatabase();
    const statement = "CREATE INDEX CONCURRENTLY new ON t (v)";
    const migrations = migrationsFolder(base, {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: `${statement};`,
    });
    const writer = await db.other();
    await upgrade({ url: db.url, migrations: migrationsFolder(base) });
    await writer("BEGIN");
    await writer("UPDATE t SET v = 0 WHERE id = 1");
    const url = await cutting(db.url, sentOutside(statement), "behind");
    await expect(upgrade({ url, migrations, ...gone })).rejects.toMatchObject({
      code: "E_DB_CONNECTION_LOST",
    });

    const events: MigrateEvent[] = [];
    const next = upgrade({ url: db.url, migrations, onEvent: (event) => events.push(event) });
    await expect.poll(() => events.find((event) => event.kind === "waiting-for-lock")).toBeDefined();
    const [builder] = await db.rows(
      "SELECT pid FROM pg_stat_activity WHERE query LIKE '/* wellhead%CREATE INDEX%'",
    );
    expect(events.find((event) => event.kind === "waiting-for-lock")?.holder).toMatchObject(builder ?? {});
    const [building] = await db.rows("SELECT 'new'::regclass::oid AS oid");
    await writer("COMMIT");
    expect((await next).to).toEqual(["b"]);
    expect(
      await db.rows("SELECT indexrelid AS oid, indisvalid FROM pg_index WHERE indexrelid = 'new'::regclass"),
    ).toEqual([{ ...building, indisvalid: true }]);
  });

  test("whose server process outlives us inside its transaction is not done twice", async () => {
    const db = await preparedDatabase();
    const statement = "INSERT INTO log SELECT 'slow' FROM pg_sleep(1)";
    const migrations = migrationsFolder(base, {
      id: "b",
      revises: "a",
      head: ["transaction: none"],
      upgrade: `${statement};\nINSERT INTO log VALUES ('behind');`,
    });
    const url = await cutting(db.url, sentOutside(statement), "behind");
    await expect(upgrade({ url, migrations, ...gone })).rejects.toMatchObject({
      code: "E_DB_CONNECTION_LOST",
    });
    expect((await upgrade({ url: db.url, migrations })).to).toEqual(["b"]);
    expect(await db.rows("SELECT word FROM log ORDER BY word")).toEqual([
      { word: "behind" },
      { word: "slow" },
    ]);
  });

  /** A database with what the statements need, and further connections to it. */
  async function preparedDatabase(): Promise<
    ConnectedDatabase & { readonly other: () => Promise<(sql: string) => Promise<unknown>> }
  > {
    const db = await connectedDatabase(server);
    await db.rows("CREATE SCHEMA side; CREATE TABLE side.s (id int); CREATE TYPE mood AS ENUM ('fair');");
    await db.rows(`CREATE DATABASE ${db.name}_1 TEMPLATE template0`);
    onTestFinished(async () => {
      for (const n of [1, 2]) await db.rows(`DROP DATABASE IF EXISTS ${db.name}_${n}`);
      if (!isOurs(server)) return;
      await db.rows(`DROP TABLESPACE IF EXISTS ${db.name}_3`);
      await db.rows("ALTER SYSTEM RESET log_checkpoints");
    });
    return {
      ...db,
      other: async () => {
        const { Client } = await import("pg");
        const client = new Client({ connectionString: db.url });
        await client.connect();
        onTestFinished(async () => await client.end());
        return async (sql) => await client.query(sql);
      },
    };
  }
});

/** Whether a message sends the statement for good: alone, or with the count of it. */
function sentOutside(statement: string): (sql: string) => boolean {
  let sent = 0;
  return (sql) => {
    if (!sql.startsWith("/* wellhead") || !sql.includes(statement)) return false;
    sent += 1;
    const mustBeAlone = !/^(INSERT|ALTER TYPE)/.test(statement);
    // With the count first, which Postgres refuses, and then alone.
    return sent === (mustBeAlone ? 2 : 1);
  };
}

/** The database through a network that breaks at one message. */
async function cutting(url: string, isIt: (sql: string) => boolean, cut: Cut): Promise<string> {
  const proxy = await startCuttingProxy(url, ({ sql }) => (isIt(sql) ? cut : undefined));
  onTestFinished(async () => await proxy.close());
  return proxy.through(url);
}
