import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, inject, onTestFinished, test } from "vitest";

import type { SystemUser } from "../support/postgres-installation.ts";
import { cliProject, type CliProject } from "../support/cli-project.ts";
import { startCli, type CliResult } from "../support/run-cli.ts";
import { pgBouncerPath, startPgBouncer } from "../durability/support/pgbouncer.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const table = { id: "aa11", upgrade: "CREATE TABLE t (id int);" };

describeOnPostgres("an upgrade that is asked to end", (server) => {
  test.skipIf(pgBouncerPath === undefined)(
    "behind a pooler in transaction mode does the same, also of what runs outside a transaction",
    async () => {
      const project = await cliProject(
        server,
        table,
        { id: "bb22", revises: "aa11", upgrade: "INSERT INTO t VALUES (1);\nSELECT pg_sleep(60);" },
        {
          id: "nn33",
          revises: "aa11",
          head: ["transaction: none"],
          upgrade: "INSERT INTO t VALUES (2);\nSELECT pg_sleep(60);",
        },
      );
      const pooler = await startPgBouncer({ mode: "transaction", server: project.url, user: postgresUser() });
      onTestFinished(async () => await pooler.stop());
      const pooled = { ...project, url: pooler.through(project.url) };
      const inside = await interrupted(
        pooled,
        "SIGINT",
        "INTO t VALUES (1)",
        "bb22",
        "--transaction",
        "each",
      );
      expect(inside).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("stands at aa11") });
      const outside = await interrupted(pooled, "SIGINT", "pg_sleep", "nn33");
      expect(outside).toMatchObject({
        exitCode: 130,
        stderr: expect.stringContaining("1 of its statements is done and stays"),
      });
      expect(await project.rows("SELECT id FROM t")).toEqual([{ id: 2 }]);
    },
  );

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "by %s cancels, rolls back, says where the database stands and exits with %d",
    async (signal, exitCode) => {
      const project = await cliProject(server, table, {
        id: "bb22",
        revises: "aa11",
        upgrade: "INSERT INTO t VALUES (1);\nSELECT pg_sleep(60);",
      });
      const result = await interrupted(project, signal, "pg_sleep", "--transaction", "each");
      expect(result.exitCode).toBe(exitCode);
      expect(result.stderr).toBe(
        "interrupted: what runs is cancelled and rolled back; once more leaves at once\n" +
          "error: Interrupted: what was not committed is rolled back, and the database stands at aa11.\n" +
          "hint: run again: it goes on from there\n",
      );
      expect(
        await project.rows("SELECT version_num, (SELECT count(*)::int FROM t) AS n FROM alembic_version"),
      ).toEqual([{ version_num: "aa11", n: 0 }]);
    },
  );

  test("keeps what is done outside a transaction and says that it resumes", async () => {
    const project = await cliProject(server, table, {
      id: "nn33",
      revises: "aa11",
      head: ["transaction: none"],
      upgrade: "INSERT INTO t VALUES (1);\nSELECT pg_sleep(3);\nINSERT INTO t VALUES (2);",
    });
    const result = await interrupted(project, "SIGINT", "pg_sleep");
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toContain(
      "nn33 runs outside a transaction: 1 of its statements is done and stays.",
    );
    expect(result.stderr).toContain("hint: run again: it goes on behind the last statement that is done\n");
    expect(await project.wellhead("upgrade")).toMatchObject({ exitCode: 0 });
    expect(await project.rows("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("does not hang on a .ts revision that waits for something else", async () => {
    const project = await cliProject(server, table);
    writeFileSync(
      join(project.folder, "cc44.ts"),
      "// revision: cc44\n// revises: aa11\n// message: waits\nexport async function upgrade(db) {\n  await db.run('SELECT 1 AS waits');\n  await new Promise((resolve) => setTimeout(resolve, 60_000));\n}\n",
    );
    const begun = performance.now();
    expect((await interrupted(project, "SIGINT", "AS waits")).exitCode).toBe(130);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test("in a log of events says so in lines", async () => {
    const project = await cliProject(server, { id: "aa11", upgrade: "SELECT pg_sleep(60);" });
    const result = await interrupted(project, "SIGTERM", "pg_sleep", "--log-format", "json");
    expect(result).toMatchObject({ exitCode: 143, stderr: "" });
    const lines = result.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(-2)).toMatchObject([
      { level: "warn", event: "interrupted", signal: "SIGTERM" },
      { level: "error", event: "failed", code: "E_INTERRUPTED", versions: [] },
    ]);
  });

  test("twice leaves at once, and the server rolls back", async () => {
    const project = await cliProject(server, table, {
      id: "bb22",
      revises: "aa11",
      // What cannot be cancelled: every attempt is caught.
      upgrade: `DO $$ BEGIN FOR i IN 1..8 LOOP BEGIN PERFORM pg_sleep(0.5); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;`,
    });
    const running = startCli(["upgrade", "--dir", "."], {
      cwd: project.folder,
      env: { DATABASE_URL: project.url },
    });
    await untilRunning(project, "query_canceled");
    running.child.kill("SIGINT");
    await sleep(100);
    running.child.kill("SIGINT");
    const { exitCode, stderr } = await running.result;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("error: asked twice to end; the connection is cut");
    expect(await project.rows("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });
});

/** An upgrade that gets the signal when the server runs a statement with these words. */
async function interrupted(
  project: CliProject,
  signal: NodeJS.Signals,
  words: string,
  ...flags: readonly string[]
): Promise<CliResult> {
  const env = { DATABASE_URL: project.url };
  const running = startCli(["upgrade", "--dir", ".", ...flags], { cwd: project.folder, env });
  await untilRunning(project, words);
  running.child.kill(signal);
  return await running.result;
}

async function untilRunning({ rows }: CliProject, words: string): Promise<void> {
  for (;;) {
    const found = await rows(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%${words}%'`,
    );
    if (found.length > 0) return;
    await sleep(20);
  }
}

/** Who runs the pooler, which refuses to be root. */
function postgresUser(): SystemUser {
  return inject("postgres").installations.at(-1)?.user ?? {};
}
