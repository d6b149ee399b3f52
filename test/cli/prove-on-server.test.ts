// Proofs with --scratch-url: what the embedded Postgres says, on a server, which looks afterwards as it did before.

import { randomBytes } from "node:crypto";

import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { migrationsFolder, type TestRevision } from "../support/migrations-folder.ts";
import { runCli, startCli, type CliResult } from "../support/run-cli.ts";
import { canStartPostgres, describeOnPostgres, startPostgres, testMajors } from "../support/test-database.ts";

vi.setConfig({ testTimeout: 120_000 });

const table: TestRevision = {
  id: "aa11",
  upgrade:
    "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, m mood, n int);\nCREATE TABLE p (k int) PARTITION BY LIST (k);\nCREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);",
  downgrade: "DROP TABLE p; DROP TABLE t; DROP TYPE mood;",
};

describeOnPostgres("wellhead prove --scratch-url", (server) => {
  // A role of its own, so that the databases that it makes can be told from those of other tests. It is no superuser.
  const role = `wellhead_prover_${randomBytes(6).toString("hex")}`;
  const url = new URL(server.url);
  url.username = role;
  let admin: Client;
  beforeAll(async () => {
    admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN CREATEDB`);
  });
  afterAll(async () => {
    await admin.query(`DROP ROLE ${role}`);
    await admin.end();
  });

  async function databasesLeft(): Promise<readonly unknown[]> {
    const { rows } = await admin.query("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = $1", [
      role,
    ]);
    return rows;
  }

  async function prove(cwd: string, ...argv: readonly string[]): Promise<CliResult> {
    return await runCli(["prove", "--dir", ".", "--json", ...argv], { cwd });
  }

  test("runs orders, round trips and rows there, with commits where they are needed, and leaves nothing", async () => {
    const cwd = migrationsFolder(
      table,
      {
        id: "bb22",
        revises: "aa11",
        upgrade: "ALTER TYPE mood ADD VALUE 'glad';",
        downgrade: "SELECT 1;",
      },
      {
        id: "bb23",
        revises: "bb22",
        upgrade: "INSERT INTO t VALUES (1000, 'glad');",
        downgrade: "DELETE FROM t WHERE id = 1000;",
      },
      {
        id: "cc33",
        revises: "aa11",
        head: ["transaction: none"],
        upgrade: "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nVACUUM t;",
        downgrade:
          "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);\nALTER TABLE p1 DROP CONSTRAINT p1_k_check;",
      },
      {
        id: "dd44",
        revises: "aa11",
        upgrade: "ALTER TABLE t DROP n;\nALTER TABLE t ADD x int NOT NULL;",
        downgrade: "ALTER TABLE t DROP x;\nALTER TABLE t ADD n int;",
      },
    );
    const result = await prove(cwd, "--scratch-url", url.href);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      pairs: [
        { heads: ["bb23", "cc33"], verdict: "commute" },
        { heads: ["bb23", "dd44"], verdict: "conflict", orders: [{ ok: false }, { ok: false }] },
        { heads: ["cc33", "dd44"], verdict: "commute", withoutRows: ["t"] },
      ],
      rows: expect.arrayContaining([expect.objectContaining({ revision: "dd44", ok: false })]),
      roundTrips: expect.arrayContaining([
        expect.objectContaining({ revision: "cc33", schemaRestored: true, dataRestored: true }),
        expect.objectContaining({ revision: "dd44", schemaRestored: true, withoutRows: true }),
      ]),
    });
    expect(await databasesLeft()).toEqual([]);
  });

  test("leaves nothing there where a revision fails", async () => {
    const cwd = migrationsFolder(
      { id: "aa11", upgrade: "SELECT 1/0;" },
      { id: "bb22", revises: "aa11" },
      { id: "cc33", revises: "aa11" },
    );
    const result = await prove(cwd, "--scratch-url", url.href);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({ error: { code: "E_PROOF_BASE", revision: "aa11" } });
    expect(await databasesLeft()).toEqual([]);
  });

  test("leaves none of the roles there that the revisions create, and proves them again", async () => {
    const reader = `${role}_reader`;
    await admin.query(`ALTER ROLE ${role} CREATEROLE`);
    const cwd = migrationsFolder(
      { id: "aa11", upgrade: `CREATE ROLE ${reader};`, downgrade: `DROP ROLE ${reader};` },
      {
        id: "bb22",
        revises: "aa11",
        upgrade: `CREATE TABLE t (id int); GRANT SELECT ON t TO ${reader};`,
        downgrade: "DROP TABLE t;",
      },
      { id: "cc33", revises: "aa11", upgrade: "CREATE TABLE u (id int);", downgrade: "DROP TABLE u;" },
    );
    for (const command of ["prove", "check", "prove"]) {
      const result = await runCli([command, "--dir", ".", "--scratch-url", url.href], { cwd });
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      const { rows } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [reader]);
      expect(rows).toEqual([]);
    }
    expect(await databasesLeft()).toEqual([]);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves nothing there when it is ended by %s", async (signal, exitCode) => {
    const cwd = migrationsFolder(
      table,
      { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD x int;" },
      { id: "cc33", revises: "aa11", upgrade: "SELECT pg_sleep(29);" },
    );
    const running = startCli(["prove", "--dir", ".", "--scratch-url", url.href], { cwd });
    await expect
      .poll(
        async () =>
          (
            await admin.query("SELECT FROM pg_stat_activity WHERE usename = $1 AND query ~ 'pg_sleep'", [
              role,
            ])
          ).rowCount,
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0);
    expect(await databasesLeft()).not.toEqual([]);
    running.child.kill(signal);
    expect((await running.result).exitCode).toBe(exitCode);
    expect(await databasesLeft()).toEqual([]);
  });
});

test.runIf(canStartPostgres)("leaves nothing there when autovacuum is at work in the database", async () => {
  // As slow as can be, so that it is still there when the database is dropped; only a superuser may end it.
  const settings = {
    autovacuum_naptime: "1s",
    autovacuum_vacuum_cost_delay: "100ms",
    autovacuum_vacuum_cost_limit: "1",
  };
  const server = await startPostgres({ major: Math.min(...testMajors), settings });
  const admin = new Client({ connectionString: server.url() });
  try {
    await admin.connect();
    await admin.query("CREATE ROLE prover LOGIN CREATEDB");
    const url = new URL(server.url());
    url.username = "prover";
    const cwd = migrationsFolder({ id: "aa11", upgrade: "SELECT pg_sleep(29);" });
    const running = startCli(["prove", "--dir", ".", "--scratch-url", url.href], { cwd });
    const seen = async (what: string): Promise<string> => {
      const { rows } = await admin.query(
        `SELECT datname FROM pg_stat_activity WHERE datname LIKE 'wellhead%' AND ${what}`,
      );
      return String(rows[0]?.datname);
    };
    await expect.poll(async () => await seen("query ~ 'pg_sleep'"), { timeout: 60_000 }).toMatch("wellhead");
    const other = new Client({ connectionString: server.url(await seen("true")) });
    await other.connect();
    await other.query("CREATE TABLE t AS SELECT repeat('x', 500) FROM generate_series(1, 20000)");
    await other.end();
    const worker = async (): Promise<string> => await seen("backend_type = 'autovacuum worker'");
    await expect.poll(worker, { timeout: 25_000 }).toMatch("wellhead");
    running.child.kill("SIGTERM");
    expect((await running.result).exitCode).toBe(143);
    const { rows } = await admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'wellhead%'");
    expect(rows).toEqual([]);
  } finally {
    await admin.end();
    await server.stop();
  }
});
