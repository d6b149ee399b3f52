import { afterAll, beforeAll, expect, test } from "vitest";

import { explainedStatements } from "../../src/prove/explain/explain.ts";
import type { Rehearsal } from "../../src/prove/measure/rehearsal.ts";
import { rehearse } from "../../src/prove/measure/rehearse.ts";
import { openScratch, type Scratch } from "../../src/scratch/index.ts";
import { stepsOf } from "./steps.ts";

let scratch: Scratch;
beforeAll(async () => void (scratch = await openScratch()));
afterAll(async () => await scratch.close());

const base = {
  base:
    "create table org (id int primary key, name text not null);\n" +
    "create table users (id int primary key, org int not null references org deferrable initially deferred, name text, n int not null);\n" +
    "create index users_name on users (name);",
};

/** Runs revisions after the base, which counts as applied, in an emptied database. */
async function rehearsed(pending: Readonly<Record<string, string>>): Promise<Rehearsal> {
  const [applied, ...steps] = await stepsOf({ ...base, ...pending });
  return await scratch.database.withSession(async (session) => {
    await session.run("drop schema if exists public cascade; create schema public");
    return await rehearse(session, { applied: [applied!], pending: steps, measuresStatements: true });
  });
}

function facts(rehearsal: Rehearsal): unknown[] {
  return explainedStatements(rehearsal).map(({ sql, locks, scans, fails }) => [
    sql.split("\n")[0]?.slice(0, 28),
    locks.map(({ relation, mode }) => `${relation} ${mode.replace("Lock", "")}`).join(", "),
    scans.join(", "),
    fails?.code,
  ]);
}

test("each statement shows its own lock, though the revision holds the same one already", async () => {
  const sql =
    "alter table users add a int;\nalter table users add b int;\nupdate users set a = 1 where id = 5;\nupdate users set b = 1;";
  expect(facts(await rehearsed({ r: sql }))).toEqual([
    ["alter table users add a int", "users AccessExclusive", "", undefined],
    ["alter table users add b int", "users AccessExclusive", "", undefined],
    ["update users set a = 1 where", "users RowExclusive", "", undefined],
    ["update users set b = 1", "users RowExclusive", "users", undefined],
  ]);
});

test("what a revision sets for its transaction holds for all its statements, and for none after it", async () => {
  await scratch.database.withSession(
    async (session) => await session.run("create schema if not exists other"),
  );
  const rehearsal = await rehearsed({
    r: "set local search_path = other, public;\ncreate table inside (a int);",
    s: "create table other.inside2 (like other.inside);\nalter table inside add b int;",
  });
  expect(rehearsal.revisions.map(({ outcome }) => outcome.kind)).toEqual(["done", "failed"]);
  await scratch.database.withSession(async (session) => await session.run("drop schema other cascade"));
});

test("statements that need each other's transaction get one", async () => {
  const deferred =
    "insert into users values (1, 1, 'a', 1);\ninsert into org values (1, 'one');\nalter table org add x int;";
  expect(facts(await rehearsed({ r: deferred }))).toEqual([
    ["insert into users values (1,", "users RowExclusive", "", undefined],
    ["insert into org values (1, '", "org RowExclusive", "", undefined],
    ["alter table org add x int", "org AccessExclusive", "", undefined],
  ]);
  const temporary =
    "create temp table t on commit drop as select * from users;\nupdate users set n = t.n from t where t.id = users.id;";
  expect((await rehearsed({ r: temporary })).revisions[0]?.outcome).toEqual({ kind: "done" });
});

test("what fails in the revision's own transaction alone is told at its statement", async () => {
  const enumUse = "alter type mood add value 'ok';\nalter table users add m mood default 'ok';";
  const rehearsal = await rehearsed({
    t: "drop type if exists mood; create type mood as enum ('sad')",
    r: enumUse,
  });
  expect(facts(rehearsal).slice(2)).toEqual([
    ["alter type mood add value 'o", "", "", undefined],
    ["alter table users add m mood", "users AccessExclusive", "", "55P04"],
  ]);
});

test("a row that a revision inserts stays, beside rows that were made up", async () => {
  const rehearsal = await rehearsed({
    r: "insert into org values (1, 'one'), (2, 'two');",
    s: "do $$ begin if (select count(*) from org where id < 10) <> 2 then raise 'lost'; end if; end $$",
    t: "create unique index on org (name);",
  });
  expect(rehearsal.revisions.map(({ outcome }) => outcome.kind)).toEqual(["done", "done", "failed"]);
});
