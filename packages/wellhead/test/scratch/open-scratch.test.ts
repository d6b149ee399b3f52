import { spawnSync } from "node:child_process";

import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { describeOnPostgres } from "../../../../test/support/test-database.ts";
import { EMBEDDED_EXTENSIONS } from "../../src/database/index.ts";
import { openScratch, type Scratch, type ScratchOptions } from "../../src/scratch/index.ts";
import { failure } from "../database/session-contract.ts";

async function open(options: ScratchOptions = {}): Promise<Scratch> {
  const scratch = await openScratch(options);
  onTestFinished(() => scratch.close());
  return scratch;
}

describe("an embedded scratch database", () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await openScratch({ extensions: ["earthdistance", "uuid-ossp"] });
  });
  afterAll(() => scratch.close());

  test("is an empty Postgres 18 with one session", async () => {
    expect(scratch).toMatchObject({ engine: "pglite", version: "18.6" });
    expect(scratch.database).toMatchObject({ maxSessions: 1, isEmbedded: true });
    const tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    expect(await scratch.database.withSession((s) => s.query(tables))).toEqual([]);
  });

  test("makes the roles that are not there yet, whatever they are called", async () => {
    const { database } = await open({ roles: ["postgres", 'the "keeper"'] });
    const named =
      "SELECT rolname::text FROM pg_roles WHERE rolname IN ('postgres', 'the \"keeper\"') ORDER BY 1";
    expect(await database.withSession((s) => s.queryArrays(named))).toEqual([["postgres"], ['the "keeper"']]);
  });

  test("leaves the thread of its user free while a statement runs", async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    await scratch.database.withSession((s) => s.query("SELECT pg_sleep(0.3)"));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  test("creates the extensions that it was opened with, and those that they need", async () => {
    await scratch.database.transaction(async (s) => {
      await s.run('CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION "uuid-ossp"');
      expect(await s.query("SELECT length(uuid_generate_v4()::text)")).toEqual([{ length: 36 }]);
      await s.run("DROP EXTENSION earthdistance; DROP EXTENSION cube");
    });
    const refusal = await failure(scratch.database.withSession((s) => s.run("CREATE EXTENSION hstore")));
    expect(refusal).toMatchObject({ code: "E_STATEMENT", sqlState: "0A000" });
  });

  test("refuses COPY from the client, which would hang PGlite", async () => {
    const work = scratch.database.withSession((s) => s.run("CREATE TEMP TABLE t (n int); COPY t FROM stdin"));
    expect(await failure(work)).toMatchObject({ code: "E_STATEMENT", sqlState: "57014" });
  });

  test("has a copy of what is committed, and each goes its own way", async () => {
    await scratch.database.withSession((s) =>
      s.run("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)"),
    );
    const copy = await scratch.copy();
    onTestFinished(() => copy.close());
    await scratch.database.withSession((s) => s.run("DROP TABLE kept"));
    await copy.database.withSession((s) => s.run("INSERT INTO kept VALUES (2)"));
    expect(await copy.database.withSession((s) => s.query("SELECT n FROM kept"))).toEqual([
      { n: 1 },
      { n: 2 },
    ]);
    const there = await scratch.database.withSession((s) => s.query("SELECT to_regclass('kept') AS t"));
    expect(there).toEqual([{ t: null }]);
  });

  test("ends a statement that takes too long, names it, and is gone", async () => {
    const slow = await open({ statementLimitMs: 500 });
    const endless = "SELECT count(*) FROM generate_series(1, 1e12)";
    const facts = { code: "E_DB_STATEMENT_LIMIT", statement: endless, limitMs: 500 };
    expect(await failure(slow.database.withSession((s) => s.run(endless)))).toMatchObject(facts);
    expect(await failure(slow.database.withSession((s) => s.query("SELECT 1")))).toMatchObject(facts);
  });

  test("ends when its signal says so, in the middle of a statement", async () => {
    const controller = new AbortController();
    const ended = await open({ signal: controller.signal });
    const work = ended.database.withSession((s) => s.query("SELECT pg_sleep(60)"));
    setTimeout(() => controller.abort(new Error("enough")), 50);
    expect(await failure(work)).toMatchObject({ code: "E_INTERRUPTED" });
    expect(await failure(openScratch({ signal: controller.signal }))).toMatchObject({ message: "enough" });
  });

  test("does not keep a process alive that forgets to close it", () => {
    const room = new URL("../../src/scratch/index.ts", import.meta.url).href;
    const script = `const { openScratch } = await import(${JSON.stringify(room)});
      console.log((await openScratch()).version);`;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect([stdout, status]).toEqual(["18.6\n", 0]);
  });

  test("knows all extensions that PGlite's package brings", async () => {
    // Modules that CREATE EXTENSION does not know: they are loaded by a setting.
    const withoutSql = ["auto_explain"];
    const { readdirSync } = await import("node:fs");
    const folder = new URL("./contrib/", import.meta.resolve("@electric-sql/pglite"));
    const modules = readdirSync(folder).flatMap((name) => /^(\w+)\.js$/.exec(name)?.[1] ?? []);
    const known = EMBEDDED_EXTENSIONS.map((name) => name.replace("-", "_"));
    expect([...known, ...withoutSql].toSorted()).toEqual(modules.toSorted());
  });
});

describeOnPostgres("a scratch database on a server", (server) => {
  const databases = async (): Promise<unknown[]> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query(
      "SELECT datname FROM pg_database WHERE datname ~ '^wellhead_scratch'",
    );
    await client.end();
    return rows.map(({ datname }) => datname as unknown);
  };

  test("is a database of its own, has copies, and is dropped", async () => {
    const scratch = await open({ serverUrl: server.url, statementLimitMs: 300 });
    expect(scratch.engine).toBe("server");
    expect(Number(scratch.version.split(".")[0])).toBe(server.major);
    await scratch.database.withSession((s) =>
      s.run("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)"),
    );
    const copy = await scratch.copy();
    onTestFinished(() => copy.close());
    await copy.database.withSession((s) => s.run("INSERT INTO kept VALUES (2)"));
    expect(await copy.database.withSession((s) => s.query("SELECT n FROM kept"))).toHaveLength(2);
    expect(await scratch.database.withSession((s) => s.query("SELECT n FROM kept"))).toHaveLength(1);
    const [{ name }] = (await scratch.database.withSession((s) =>
      s.query("SELECT current_database() AS name"),
    )) as [{ name: string }];
    const slow = await failure(scratch.database.withSession((s) => s.run("SELECT pg_sleep(30)")));
    expect(slow).toMatchObject({ code: "E_STATEMENT", sqlState: "57014" });
    expect(await databases()).toContain(name);
    await scratch.close();
    expect(await databases()).not.toContain(name);
  });
});

describe("a server for scratch databases", () => {
  test("must be a Postgres server, and answer", async () => {
    expect(await failure(openScratch({ serverUrl: "pglite:./x" }))).toMatchObject({ code: "E_SCRATCH_URL" });
  });
});
