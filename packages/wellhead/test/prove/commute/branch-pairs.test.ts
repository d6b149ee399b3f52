import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrationsFolder } from "../../../../../test/support/migrations-folder.ts";
import {
  createTestDatabase,
  testServers,
  type TestDatabase,
} from "../../../../../test/support/test-database.ts";
import { openDatabase, type Database } from "../../../src/database/index.ts";
import { loadMigrations } from "../../../src/migrate/index.ts";
import { proveCommute, type Verdict } from "../../../src/prove/index.ts";
import { compareSchemas, hashTables, readSchema } from "../../../src/schema/index.ts";
import { openScratch, type Scratch } from "../../../src/scratch/index.ts";
import { targetOf } from "../../database/pg-target.ts";
import { branchPairs, type BranchPair } from "./branch-pairs.ts";

const EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

const places = [
  { place: "the embedded Postgres", serverUrl: undefined },
  ...testServers.map(({ name, url }) => ({ place: name, serverUrl: url })),
];

describe.each(places)("two heads over one base, on $place", ({ serverUrl }) => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await openScratch({ serverUrl });
  });
  afterAll(() => scratch.close());

  async function proved({ base, seed, a, b }: BranchPair) {
    await scratch.database.withSession((s) => s.run(EMPTY));
    const folder = migrationsFolder(
      { id: "base", upgrade: base },
      { id: "a", revises: "base", upgrade: a },
      { id: "b", revises: "base", upgrade: b },
    );
    const { pairs } = await proveCommute({
      migrations: loadMigrations(folder),
      scratch: async () => scratch,
      seed: { path: "seed.sql", text: seed },
    });
    return pairs[0];
  }

  test.for(branchPairs)("$name: $verdict", async (pair) => {
    expect(await proved(pair)).toMatchObject({ heads: ["a", "b"], verdict: pair.verdict });
  });

  test("only ids differ where both insert rows, and nothing else does", async () => {
    const pair = branchPairs.find(({ name }) => name === "ids drawn from one sequence");
    expect(pair && (await proved(pair))).toMatchObject({ onlyIds: true });
  });

  test("three heads of which every two commute are looked at together", async () => {
    await scratch.database.withSession((s) => s.run(EMPTY));
    const both = "to_regclass('x') IS NOT NULL AND to_regclass('y') IS NOT NULL";
    const folder = migrationsFolder(
      { id: "base", upgrade: "SELECT 1;" },
      { id: "a", revises: "base", upgrade: "CREATE TABLE x (n int);" },
      { id: "b", revises: "base", upgrade: "CREATE TABLE y (n int);" },
      {
        id: "c",
        revises: "base",
        upgrade: `DO $$ BEGIN IF ${both} THEN CREATE TABLE z (n int); END IF; END $$;`,
      },
    );
    const proof = await proveCommute({ migrations: loadMigrations(folder), scratch: async () => scratch });
    expect(proof.pairs.map(({ verdict }) => verdict)).toEqual(["commute", "commute", "commute"]);
    expect(proof.groups).toMatchObject([{ heads: ["a", "b", "c"], verdict: "order-dependent" }]);
  });

  test("a conditional statement that did nothing in one order is told", async () => {
    const pair = branchPairs.find(({ name }) => name === "table if not exists, twice the same");
    expect(pair && (await proved(pair))).toMatchObject({
      silent: [
        { revision: "b", order: ["a", "b"] },
        { revision: "a", order: ["b", "a"] },
      ],
    });
  });
});

describe.skipIf(testServers.length === 0)("the verdicts are those of a real server with commits", () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await openDatabase(targetOf(place.url));
  });
  afterAll(async () => {
    await database.close();
    await place.close();
  });

  /** Runs an order with a commit after each head, on connections of their own; what it leaves, or undefined when it fails. */
  async function left(pair: BranchPair, ...heads: readonly ("a" | "b")[]) {
    await database.withSession(async (s) => {
      await s.run(EMPTY);
      await s.run(pair.base);
      await s.run(pair.seed);
    });
    for (const head of heads) {
      const client = new Client({ connectionString: place.url });
      await client.connect();
      try {
        await client.query(`BEGIN; ${pair[head]}; COMMIT`);
      } catch {
        return undefined;
      } finally {
        await client.end();
      }
    }
    return await database.withSession(async (s) => ({
      schema: await readSchema(s),
      rows: await hashTables(s),
    }));
  }

  async function judged(pair: BranchPair): Promise<Verdict> {
    const [ab, ba] = [await left(pair, "a", "b"), await left(pair, "b", "a")];
    if (ab === undefined || ba === undefined) return "conflict";
    if (compareSchemas(ab.schema, ba.schema).length > 0) return "order-dependent";
    const differing = [...ab.rows].filter(([table, hash]) => ba.rows.get(table) !== hash);
    if (differing.length === 0) return "commute";
    // Of a table whose rows are others when the same order runs again nothing can be told here.
    const again = await left(pair, "a", "b");
    return differing.every(([table, hash]) => again?.rows.get(table) !== hash)
      ? "commute"
      : "order-dependent";
  }

  test.for(branchPairs)("$name: $verdict", async (pair) => {
    expect(await judged(pair)).toBe(pair.verdict);
  });
});
