import { afterAll, beforeAll, expect, test } from "vitest";

import { openDatabase, type Database } from "../../src/database/index.ts";
import { hashTables } from "../../src/schema/index.ts";
import { targetOf } from "../database/pg-target.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase(targetOf("pglite::memory:"));
  await database.withSession((session) =>
    session.run(`
      CREATE TABLE one (a int, b text, c numeric); INSERT INTO one VALUES (1, 'x', 1.50), (2, NULL, NULL), (2, NULL, NULL);
      CREATE TABLE other (c numeric, gone int, a int, b text); ALTER TABLE other DROP COLUMN gone;
      INSERT INTO other VALUES (NULL, 2, NULL), (1.50, 1, 'x'), (NULL, 2, NULL);
      CREATE TABLE fewer (a int, b text, c numeric); INSERT INTO fewer VALUES (1, 'x', 1.50), (2, NULL, NULL);
      CREATE TABLE empty (a int); CREATE TABLE "Empty Too" (b text);
      CREATE TABLE parted (n int) PARTITION BY LIST (n); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1); INSERT INTO parted VALUES (1);
      CREATE MATERIALIZED VIEW seen AS SELECT a FROM one; CREATE VIEW looked AS SELECT a FROM one;`),
  );
});
afterAll(async () => await database?.close());

test("tables with the same rows have the same hash, in whatever order rows and columns are", async () => {
  const hashes = await database.withSession((session) => hashTables(session));
  expect(hashes.get("public.one")).toBe(hashes.get("public.other"));
  expect(hashes.get("public.one")).not.toBe(hashes.get("public.fewer"));
  expect(hashes.get("public.empty")).toBe(hashes.get('public."Empty Too"'));
  expect([...hashes.keys()]).toEqual([
    'public."Empty Too"',
    "public.empty",
    "public.fewer",
    "public.one",
    "public.other",
    "public.parted",
    "public.seen",
  ]);
});

test("only the tables that are named are looked at", async () => {
  const hashes = await database.withSession((session) => hashTables(session, ["public.fewer"]));
  expect([...hashes.keys()]).toEqual(["public.fewer"]);
  expect(await database.withSession((session) => hashTables(session, []))).toEqual(new Map());
});

test("a value that changes changes the hash", async () => {
  const [before, after] = await database.withSession(async (session) => {
    const first = await hashTables(session, ["public.one"]);
    await session.run("UPDATE one SET b = 'y' WHERE a = 1");
    return [first, await hashTables(session, ["public.one"])];
  });
  expect(before).not.toEqual(after);
});

test("a column may have any name", async () => {
  const [hash, other] = await database.withSession(async (session) => {
    await session.run("CREATE TABLE named (r int, t text, j int); INSERT INTO named VALUES (1, 'a', 1)");
    const before = await hashTables(session, ["public.named"]);
    await session.run("UPDATE named SET j = 2");
    return [before, await hashTables(session, ["public.named"])];
  });
  expect(hash).not.toEqual(other);
});
