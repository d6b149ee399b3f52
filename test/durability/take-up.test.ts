// A run whose connection breaks is taken up again on another one, wherever the database can tell how far it came.

import { describe, expect, inject, onTestFinished, test } from "vitest";

import { downgrade, upgrade, type MigrateEvent } from "../../packages/wellhead/src/index.ts";
import { connectedDatabase, type ConnectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli, startCli } from "../support/run-cli.ts";
import { canStartPostgres, describeOnPostgres, startPostgres } from "../support/test-database.ts";
import { startCuttingProxy, type CuttingProxy, type Watch } from "./support/cutting-proxy.ts";
import { newestOfOurs as newest } from "./support/own-servers.ts";
import { pgBouncerPath, startPgBouncer } from "./support/pgbouncer.ts";

const revisions = [
  { id: "a", upgrade: "CREATE TABLE t (n int);", downgrade: "DROP TABLE t;" },
  { id: "b", revises: "a", upgrade: "INSERT INTO t VALUES (1);", downgrade: "DELETE FROM t;" },
  { id: "c", revises: "b", upgrade: "INSERT INTO t VALUES (2);", downgrade: "DELETE FROM t WHERE n = 2;" },
];

describeOnPostgres("a connection that breaks", (server) => {
  test("at the first question is another one's business", async () => {
    const { db, run } = await cutAt(once(({ sql }) => sql.includes("WITH relation") && "answer"));
    const { result, reconnecting } = await run({});
    expect(result).toMatchObject({ from: [], to: ["c"] });
    expect(reconnecting).toEqual([expect.objectContaining({ attempt: 1, reason: expect.any(String) })]);
    expect(await db.rows("SELECT n FROM t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("while a revision runs has rolled it back, and it runs again", async () => {
    const { db, run } = await cutAt(once(({ sql }) => sql.includes("VALUES (2)") && "behind"));
    const { result, reconnecting } = await run({ transaction: "each" });
    expect(result.steps.map(({ revision }) => revision)).toEqual(["a", "b", "c"]);
    expect(reconnecting).toHaveLength(1);
    expect(await db.rows("SELECT n FROM t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("in the same revision twice is told: the server may go down because of it", async () => {
    const { db, run } = await cutAt(({ sql }) => (sql.includes("VALUES (2)") ? "before" : undefined));
    await expect(run({ transaction: "each" })).rejects.toMatchObject({ code: "E_DB_CONNECTION_LOST" });
    expect(await db.rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "b" }]);
  });

  test.for(["before", "answer"] as const)(
    "at COMMIT (%s) leaves it to the database to say whether it has it",
    async (cut) => {
      const { db, run } = await cutAt(once(({ sql }) => sql === "COMMIT" && cut));
      const { result } = await run({ target: "b" });
      expect(result).toMatchObject({ from: [], to: ["b"] });
      expect(result.steps.map(({ revision }) => revision)).toEqual(["a", "b"]);
      expect(await db.rows("SELECT revision, direction FROM wellhead_ledger ORDER BY id")).toEqual([
        { revision: "a", direction: "upgrade" },
        { revision: "b", direction: "upgrade" },
      ]);
    },
  );

  test("at COMMIT of a relative target does not make it go further", async () => {
    const { db, run, migrations } = await cutAt(nth(2, ({ sql }) => sql === "COMMIT" && "answer"));
    expect((await run({ target: "a" })).result.to).toEqual(["a"]);
    expect((await run({ target: "+1" })).result).toMatchObject({ from: ["a"], to: ["b"] });
    const back = await startCuttingProxy(
      db.url,
      once(({ sql }) => sql === "COMMIT" && "answer"),
    );
    onTestFinished(async () => await back.close());
    const down = await downgrade({ url: back.through(db.url), migrations, target: "-1" });
    expect(down).toMatchObject({ from: ["b"], to: ["a"], steps: [{ revision: "b" }] });
  });

  test("at COMMIT, and no other is had in time: that it is not known is what is told", async () => {
    let proxy: CuttingProxy | undefined;
    const { run, through } = await cutAt(({ sql }) => {
      if (sql !== "COMMIT") return undefined;
      void proxy?.close();
      return "answer";
    });
    proxy = through;
    await expect(run({ connectTimeoutMs: 300 })).rejects.toMatchObject({
      code: "E_DB_CONNECTION_LOST",
      duringCommit: true,
      hint: expect.stringContaining("whether the database has it is not known"),
    });
  });

  async function cutAt(watch: Watch): Promise<Cuttable> {
    const db = await connectedDatabase(server);
    const migrations = migrationsFolder(...revisions);
    const through = await startCuttingProxy(db.url, watch);
    onTestFinished(async () => await through.close());
    const run: Cuttable["run"] = async (options) => {
      const reconnecting: MigrateEvent[] = [];
      const onEvent = (event: MigrateEvent) =>
        void (event.kind === "reconnecting" && reconnecting.push(event));
      const result = await upgrade({
        url: through.through(db.url),
        migrations,
        onEvent,
        ...options,
      });
      return { result, reconnecting };
    };
    return { db, run, through, migrations };
  }
});

interface Cuttable {
  readonly db: ConnectedDatabase;
  readonly run: (options: Omit<Parameters<typeof upgrade>[0], "migrations">) => Promise<{
    readonly result: Awaited<ReturnType<typeof upgrade>>;
    readonly reconnecting: readonly MigrateEvent[];
  }>;
  readonly through: CuttingProxy;
  readonly migrations: string;
}

type Rule = (message: Parameters<Watch>[0]) => ReturnType<Watch> | false;

/** Cuts at the first message that the rule is about. */
function once(rule: Rule): Watch {
  return nth(1, rule);
}

function nth(wanted: number, rule: Rule): Watch {
  let met = 0;
  return (message) => {
    const cut = rule(message);
    if (cut === false || cut === undefined) return undefined;
    met += 1;
    return met === wanted ? cut : undefined;
  };
}

describe.skipIf(newest === undefined || pgBouncerPath === undefined)(
  pgBouncerPath === undefined ? "behind PgBouncer, which is not installed here" : "behind PgBouncer",
  () => {
    test("a server connection of its pool that is dead costs a try, and not the start", async () => {
      if (newest === undefined) return;
      const db = await connectedDatabase(newest);
      // Between the pooler and the server: the pooler has connected, and the connection dies at our first question.
      const proxy = await startCuttingProxy(
        db.url,
        once(({ sql }) => sql.includes("WITH relation") && "before"),
      );
      onTestFinished(async () => await proxy.close());
      const user = inject("postgres").installations.at(-1)?.user ?? {};
      const pooler = await startPgBouncer({ mode: "transaction", server: proxy.through(db.url), user });
      onTestFinished(async () => await pooler.stop());
      const { exitCode, stdout, stderr } = await runCli(
        ["upgrade", "--dir", migrationsFolder(...revisions)],
        {
          cwd: temporaryFolder(),
          env: { DATABASE_URL: pooler.through(db.url) },
        },
      );
      expect(stderr).toMatch(/^the connection was lost \(.+\); .+ taken up again in \d+ ms\n$/);
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("stands at c"),
      });
    });
  },
);

describe.skipIf(!canStartPostgres)("a server that is killed", () => {
  test("while a revision runs and comes back: the run goes on by itself", async () => {
    const server = await startPostgres({ settings: { synchronous_commit: "on" } });
    onTestFinished(async () => await server.stop());
    const migrations = migrationsFolder(
      { id: "a", upgrade: "CREATE TABLE started AS SELECT pg_postmaster_start_time() AS at;" },
      {
        id: "b",
        revises: "a",
        upgrade:
          "CREATE TABLE t (n int);\nSELECT pg_sleep(60) FROM started WHERE at = pg_postmaster_start_time();",
      },
    );
    const running = startCli(["upgrade", "--dir", migrations, "--transaction", "each"], {
      cwd: temporaryFolder(),
      env: { DATABASE_URL: server.url() },
    });
    await expect.poll(running.said, { timeout: 60_000 }).toContain("a -> b");
    await server.crash("SIGKILL");
    await server.restart();
    const { exitCode, stdout, stderr } = await running.result;
    expect(stderr).toContain("the connection was lost");
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("stands at b"),
    });
  });
});
