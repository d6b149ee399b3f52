import { describe, expect, inject, onTestFinished, test } from "vitest";

import { pgBouncerPath, startPgBouncer, type PoolMode } from "../durability/support/pgbouncer.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { testServers } from "../support/test-database.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint?: string;
}

const server = testServers.at(-1);

/** What the doctor says of the pooler between us and a server. */
async function pooler(mode: PoolMode, query: string, poolSize?: number): Promise<Check | undefined> {
  if (server === undefined) throw new Error("there is no server");
  const { url } = await connectedDatabase(server);
  const { user } = inject("postgres").installations.at(-1) ?? {};
  const bouncer = await startPgBouncer({
    mode,
    server: server.url,
    user: user ?? {},
    ...(poolSize !== undefined && { poolSize }),
  });
  onTestFinished(bouncer.stop);
  const env = { DATABASE_URL: `${bouncer.through(url)}${query}` };
  const result = await runCli(["doctor", "--json"], { cwd: temporaryFolder(), env });
  expect(result.exitCode).toBe(0);
  const { checks } = result.json() as { checks: readonly Check[] };
  expect(checks.find(({ name }) => name === "write")).toMatchObject({ ok: true });
  return checks.find(({ name }) => name === "pooler");
}

describe.skipIf(server === undefined || pgBouncerPath === undefined)(
  "wellhead doctor behind PgBouncer",
  () => {
    test("transaction mode is seen, and that the URL does not say so", async () => {
      expect(await pooler("transaction", "")).toMatchObject({
        detail: expect.stringContaining("one in transaction mode"),
        hint: expect.stringContaining("pgbouncer=true"),
      });
    });

    test("where the URL says so, it is told what it means for migrations", async () => {
      const { detail } = (await pooler("transaction", "?pgbouncer=true")) ?? {};
      expect(detail).toContain("migrations work through it");
    });

    test("a pooler with one server connection to lend is seen too, and does not stop the doctor", async () => {
      expect((await pooler("transaction", "?pgbouncer=true", 1))?.detail).toContain("transaction mode");
    });

    test("session mode keeps a server process for each session", async () => {
      expect((await pooler("session", ""))?.detail).toMatch(/session mode|none was seen/);
    });

    test.each([1, 2])(
      "session mode that lends %i at most leaves it open, and does not stop the doctor",
      async (poolSize) => {
        expect((await pooler("session", "", poolSize))?.detail).toContain("not known");
      },
    );
  },
);
