// What makes the proof of two heads hard: all orders run in one transaction that is rolled back, and a real database
// commits each revision.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { migrationsFolder, type TestRevision } from "../../../../../test/support/migrations-folder.ts";
import { loadMigrations } from "../../../src/migrate/index.ts";
import { proveCommute, type CommuteProof, type PairProof } from "../../../src/prove/index.ts";
import { openScratch, type Scratch } from "../../../src/scratch/index.ts";

// Copies take their time where several files run.
vi.setConfig({ testTimeout: 120_000 });

const BASE = `CREATE TABLE t (id serial PRIMARY KEY, n int, m text);
CREATE TABLE u (id serial PRIMARY KEY, n int, at timestamptz DEFAULT now(), v double precision);
CREATE INDEX t_n ON t (n);
INSERT INTO t (n, m) VALUES (1, 'one'), (2, 'two');
INSERT INTO u (n) VALUES (1), (2);`;

let scratch: Scratch;
beforeAll(async () => void (scratch = await openScratch()));
afterAll(async () => await scratch.close());

type Head = string | readonly TestRevision[];

/** Proves heads over a base, each written as its upgrade or as its revisions. */
async function proved(
  heads: Readonly<Record<string, Head>>,
  { base = "", exact }: { readonly base?: string; readonly exact?: boolean } = {},
): Promise<CommuteProof> {
  await scratch.database.withSession((s) => s.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
  const revisions = Object.entries(heads).flatMap(([id, head]): readonly TestRevision[] =>
    typeof head === "string" ? [{ id, revises: "base", upgrade: `${head};` }] : head,
  );
  const folder = migrationsFolder({ id: "base", upgrade: `${BASE}\n${base};` }, ...revisions);
  return await proveCommute({
    migrations: loadMigrations(folder),
    scratch: async () => scratch,
    ...(exact !== undefined && { exact }),
  });
}

/** The verdict on two heads. */
async function judged(a: Head, b: Head, base?: string): Promise<PairProof | undefined> {
  return (await proved({ a, b }, base === undefined ? {} : { base })).pairs[0];
}

/** A head that runs outside a transaction. */
function outside(id: string, upgrade: string): readonly TestRevision[] {
  return [{ id, revises: "base", head: ["transaction: none"], upgrade: `${upgrade};` }];
}

describe("chance is the same in each order", () => {
  test("an id that is drawn by nextval, which no rollback gives back, is drawn again in the other order", async () => {
    const pair = await judged("INSERT INTO t (n) VALUES (3)", "ALTER TABLE t ADD extra int");
    expect(pair).toMatchObject({ verdict: "commute" });
  });

  test("what setval set in one order, which no rollback undoes, is not there in the next", async () => {
    const { pairs } = await proved({
      a: "SELECT setval('t_id_seq', 500)",
      b: "CREATE VIEW w AS SELECT n FROM t",
      c: "INSERT INTO t (n) VALUES (3)",
    });
    expect(pairs).toMatchObject([
      { heads: ["a", "b"], verdict: "commute" },
      { heads: ["a", "c"], verdict: "order-dependent" },
      { heads: ["b", "c"], verdict: "commute" },
    ]);
  });

  test("random() begins anew, and where both draw from it what they got does not count", async () => {
    expect(await judged("UPDATE u SET v = random()", "ALTER TABLE t ADD x int")).toMatchObject({
      verdict: "commute",
    });
    expect(
      await judged("UPDATE u SET v = random() WHERE n = 1", "UPDATE u SET v = random() WHERE n = 2"),
    ).toMatchObject({ verdict: "commute" });
  });

  test("now() is one time in both orders", async () => {
    const pair = await judged("INSERT INTO u (n) VALUES (3)", "ALTER TABLE u ADD since date DEFAULT now()");
    expect(pair).toMatchObject({ verdict: "commute" });
  });

  test.for([
    ["clock_timestamp()", "timestamptz"],
    ["gen_random_uuid()", "uuid"],
    ["md5(random()::text)", "text"],
  ] as const)("%s does not count, and what stands beside it does", async ([volatile, type]) => {
    const base = `CREATE TABLE v (n int, x ${type})`;
    const insert = (n: string): string => `INSERT INTO v VALUES (${n}, ${volatile})`;
    expect(await judged(insert("1"), insert("2"), base)).toMatchObject({ verdict: "commute" });
    const counts = insert("(SELECT count(*) FROM v)");
    expect(await judged(counts, counts, base)).toMatchObject({ verdict: "commute" });
    expect(await judged(counts, insert("7"), base)).toMatchObject({
      verdict: "order-dependent",
      difference: [{ kind: "rows", name: "public.v" }],
    });
  });
});

describe("a revision ends as a commit ends it", () => {
  test("a check that one put off is done before the other alters its table (55006)", async () => {
    const base =
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)";
    const insert = "INSERT INTO c VALUES (1); INSERT INTO p VALUES (1)";
    expect(await judged(insert, "ALTER TABLE c ADD n int", base)).toMatchObject({ verdict: "commute" });
    expect(await judged("INSERT INTO c VALUES (1)", "ALTER TABLE c ADD n int", base)).toMatchObject({
      verdict: "conflict",
      failsAlone: ["a"],
      orders: [{ error: { revision: "a", code: "23503" } }, { error: { revision: "a", code: "23503" } }],
    });
  });

  const mood = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE felt (m mood)";
  const adding = { id: "a0", revises: "base", upgrade: "ALTER TYPE mood ADD VALUE 'glad' BEFORE 'ok';" };
  const using = (upgrade: string): readonly TestRevision[] => [
    adding,
    { id: "a", revises: "a0", upgrade: `${upgrade};` },
  ];

  test("a value of an enum that one revision adds is used by the next (55P04)", async () => {
    const pair = await judged(
      using("INSERT INTO felt VALUES ('glad'); ALTER TABLE t ADD m2 mood DEFAULT 'glad'"),
      "ALTER TABLE felt ADD n int DEFAULT 4",
      mood,
    );
    expect(pair).toEqual({
      heads: ["a", "b"],
      verdict: "commute",
      orders: [
        { order: ["a", "b"], ok: true },
        { order: ["b", "a"], ok: true },
      ],
    });
  });

  test("a value that was added stands in its place in the order of the enum", async () => {
    const pair = await judged(
      using("INSERT INTO felt VALUES ('glad')"),
      "INSERT INTO u (n) SELECT count(*) FROM felt WHERE m < 'ok'",
      `${mood}; INSERT INTO felt VALUES ('ok')`,
    );
    expect(pair).toMatchObject({ verdict: "order-dependent", difference: [{ name: "public.u" }] });
  });

  test("a value of an enum cannot be used by the revision that adds it", async () => {
    const pair = await judged(
      "ALTER TYPE mood ADD VALUE 'glad'; INSERT INTO felt VALUES ('glad')",
      "ALTER TABLE felt ADD n int",
      mood,
    );
    expect(pair).toMatchObject({
      verdict: "conflict",
      failsAlone: ["a"],
      orders: [{ error: { code: "55P04" } }, { error: { code: "55P04" } }],
    });
  });

  test("a revision that ends its transaction itself is refused", async () => {
    await expect(judged("CREATE TABLE x (n int); COMMIT; BEGIN", "SELECT 1")).rejects.toMatchObject({
      code: "E_REVISION_TRANSACTION_CONTROL",
    });
  });
});

describe("a statement that cannot be in a transaction is proved, and named where it fails", () => {
  const parts =
    "CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)";

  test.for([
    ["CREATE INDEX CONCURRENTLY i ON t (m)", "42P01"],
    ["DROP INDEX CONCURRENTLY t_n", "42704"],
    ["REINDEX INDEX CONCURRENTLY t_n", "42P01"],
    ["REINDEX (CONCURRENTLY) TABLE t", "42P01"],
    ["VACUUM t", "42P01"],
    ["VACUUM (FULL, ANALYZE) t (n, m)", "42P01"],
  ] as const)("%s", async ([statement, code]) => {
    expect(await judged(outside("a", statement), "ALTER TABLE t ADD extra int")).toMatchObject({
      verdict: "commute",
    });
    expect(await judged(outside("a", statement), "DROP TABLE t")).toMatchObject({
      verdict: "conflict",
      orders: [
        { order: ["a", "b"], ok: true },
        { order: ["b", "a"], ok: false, error: { revision: "a", line: 7, statement, code } },
      ],
    });
  });

  test.for([
    "VACUUM",
    "REINDEX SCHEMA public",
    "REINDEX DATABASE shop",
    "REINDEX SYSTEM shop",
    "CLUSTER",
    "DISCARD ALL",
    "ALTER SYSTEM SET work_mem = '64MB'",
    "CREATE DATABASE other",
    "DROP DATABASE other",
    "ALTER DATABASE shop SET timezone = 'UTC'",
    "CREATE TABLESPACE fast LOCATION '/fast'",
    "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p",
    "DROP SUBSCRIPTION s",
  ])("%s", async (statement) => {
    expect(await judged(outside("a", statement), "ALTER TABLE t ADD extra int")).toMatchObject({
      verdict: "commute",
    });
  });

  test("ALTER TABLE … DETACH PARTITION … CONCURRENTLY leaves the constraint that it leaves", async () => {
    const detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
    const pair = await judged(outside("a", detach), "INSERT INTO p1 VALUES (1)", parts);
    expect(pair).toMatchObject({ verdict: "commute" });
    const added = await judged(
      outside("a", detach),
      "ALTER TABLE p1 ADD CONSTRAINT p1_k_check CHECK (k > 0)",
      parts,
    );
    expect(added).toMatchObject({
      verdict: "conflict",
      orders: [{ ok: false, error: { revision: "b", code: "42710" } }, { ok: true }],
    });
  });

  test("in a revision that has a transaction it fails as it would", async () => {
    expect(await judged("VACUUM t", "ALTER TABLE u ADD extra int")).toMatchObject({
      verdict: "conflict",
      failsAlone: ["a"],
      orders: [{ error: { code: "25001" } }, { error: { code: "25001" } }],
    });
  });
});

describe("what is compared", () => {
  test("columns in another order are the same schema, and their rows the same rows", async () => {
    const pair = await judged("ALTER TABLE t ADD x int DEFAULT 1", "ALTER TABLE t ADD y int DEFAULT 2");
    expect(pair).toMatchObject({ verdict: "commute" });
    expect(pair).not.toHaveProperty("skipped");
  });

  test("heads that have nothing to do with each other are not run together", async () => {
    const pair = await judged("ALTER TABLE t ADD x int", "UPDATE u SET n = 3");
    expect(pair).toMatchObject({ verdict: "commute", skipped: true });
  });

  const audit = `CREATE TABLE audit (n int);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (new.n); RETURN new; END';
CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted()`;

  test.for([
    {
      name: "a table that a trigger writes to is dropped",
      heads: ["INSERT INTO t (n) VALUES (9)", "DROP TABLE audit"],
      base: audit,
      verdict: "conflict",
    },
    {
      name: "a table that a trigger writes to is renamed",
      heads: ["INSERT INTO t (n) VALUES (9)", "ALTER TABLE audit RENAME TO journal"],
      base: audit,
      verdict: "conflict",
    },
    {
      name: "an index is named that the other renames",
      heads: ["COMMENT ON INDEX t_pkey IS 'the key'", "ALTER INDEX t_pkey RENAME TO t_key"],
      base: "",
      verdict: "conflict",
    },
    {
      name: "an index of two words is named that the other renames",
      heads: [`COMMENT ON INDEX "The Key" IS 'the key'`, `ALTER INDEX "The Key" RENAME TO key`],
      base: `CREATE INDEX "The Key" ON t (m)`,
      verdict: "conflict",
    },
    {
      name: "Postgres gives two constraints one name",
      heads: ["ALTER TABLE a_b ADD UNIQUE (c)", "ALTER TABLE a ADD UNIQUE (b_c)"],
      base: "CREATE TABLE a_b (c int); CREATE TABLE a (b_c int)",
      verdict: "order-dependent",
    },
    {
      name: "a view stands between",
      heads: ["UPDATE seen SET n = n + 1", "UPDATE t SET n = n * 2"],
      base: "CREATE VIEW seen AS SELECT id, n FROM t",
      verdict: "order-dependent",
    },
    {
      name: "a foreign key stands between",
      heads: ["DELETE FROM one WHERE id = 1", "INSERT INTO many VALUES (1)"],
      base: "CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE many (one int REFERENCES one); INSERT INTO one VALUES (1)",
      verdict: "conflict",
    },
    {
      name: "one looks whether the other's table is there",
      heads: [
        "DO $$ BEGIN IF to_regclass('fresh') IS NULL THEN UPDATE t SET n = 0; END IF; END $$",
        "CREATE TABLE fresh (n int)",
      ],
      base: "",
      verdict: "order-dependent",
    },
    {
      name: "a trigger looks whether the other's table is there",
      heads: ["INSERT INTO t (n) VALUES (9)", "CREATE TABLE fresh (n int)"],
      base: `CREATE FUNCTION looks() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF to_regclass(''fresh'') IS NULL THEN new.m := ''alone''; END IF; RETURN new; END';
CREATE TRIGGER looks BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION looks()`,
      verdict: "order-dependent",
    },
    {
      name: "a default looks whether the other's table is there",
      heads: ["INSERT INTO v (n) VALUES (9)", "CREATE TABLE fresh (n int)"],
      base: `CREATE FUNCTION is_there() RETURNS bool LANGUAGE sql AS 'SELECT to_regclass(''fresh'') IS NOT NULL';
CREATE TABLE v (n int, x bool DEFAULT is_there())`,
      verdict: "order-dependent",
    },
    {
      name: "a check of a domain looks whether the other's table is there",
      heads: [
        "CREATE TABLE w (n lonely DEFAULT 1); INSERT INTO w DEFAULT VALUES",
        "CREATE TABLE fresh (n int)",
      ],
      base: `CREATE FUNCTION is_alone() RETURNS bool LANGUAGE sql AS 'SELECT to_regclass(''fresh'') IS NULL';
CREATE DOMAIN lonely AS int CHECK (is_alone())`,
      verdict: "conflict",
    },
    {
      name: "a default draws from a sequence that the other moves",
      heads: ["INSERT INTO t (n) VALUES (9)", "ALTER SEQUENCE t_id_seq RESTART WITH 100"],
      base: "",
      verdict: "order-dependent",
    },
  ])("but where $name they are", async ({ heads: [a = "", b = ""], base, verdict }) => {
    const pair = await judged(a, b, base);
    expect(pair).toMatchObject({ verdict });
    expect(pair).not.toHaveProperty("skipped");
  });
});

describe("three heads of which every two commute", () => {
  const names =
    "INSERT INTO u (n) SELECT count(*) FROM information_schema.tables WHERE table_name IN ('x', 'y') HAVING count(*) = 2";

  test("are run in every order where one has data statements", async () => {
    const proof = await proved({ a: "CREATE TABLE x (n int)", b: "CREATE TABLE y (n int)", c: names });
    expect(proof.pairs.map(({ verdict }) => verdict)).toEqual(["commute", "commute", "commute"]);
    expect(proof.groups).toMatchObject([{ heads: ["a", "b", "c"], verdict: "order-dependent" }]);
  });

  test("are run in every order when it is asked for, where all that they have is DDL", async () => {
    const heads = {
      a: "ALTER TABLE t ADD x int",
      b: "ALTER TABLE t ADD y int",
      c: "ALTER TABLE t ADD z int",
    };
    expect(await proved(heads)).not.toHaveProperty("groups");
    expect((await proved(heads, { exact: true })).groups).toEqual([
      { heads: ["a", "b", "c"], verdict: "commute" },
    ]);
  });
});
