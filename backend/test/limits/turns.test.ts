import { afterAll, beforeAll, expect, test } from "vitest";

import { openDatabase, parseDatabaseUrl, type Database } from "wellhead";
import type { TurnStore } from "../../limits/limit.ts";
import { memoryTurns } from "../../limits/memory-turns.ts";
import { postgresTurns } from "../../limits/postgres-turns.ts";
import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

const HOUR_MS = 3_600_000;
const turn = (key: string, perHour = 3) => ({ key, costMs: HOUR_MS / perHour });

/** Takes turns one by one; whether each was free. */
async function take(store: TurnStore, key: string, count: number): Promise<readonly boolean[]> {
  const free = [];
  for (let i = 0; i < count; i++) free.push((await store.take([turn(key)])).size === 0);
  return free;
}

test("in memory so many turns are free at once, and one more as its share of the hour passes", async () => {
  let now = 0;
  const store = memoryTurns(() => now);
  expect(await take(store, "a", 4)).toEqual([true, true, true, false]);
  expect(await store.take([turn("a")])).toEqual(new Map([["a", HOUR_MS / 3]]));
  now = HOUR_MS / 3;
  expect(await take(store, "a", 2)).toEqual([true, false]);
  await store.giveBack([turn("a")]);
  expect(await take(store, "a", 2)).toEqual([true, false]);
  now = 3 * HOUR_MS;
  expect(await take(store, "a", 4)).toEqual([true, true, true, false]);
});

test("in memory an hour has all its turns, also where its shares are no whole numbers", async () => {
  const store = memoryTurns(() => 1_700_000_000_000);
  for (const perHour of [7, 11, 13, 49, 97, 1001]) {
    const refused = [];
    for (let i = 0; i <= perHour; i++) refused.push((await store.take([turn(`${perHour}`, perHour)])).size);
    expect(refused.indexOf(1)).toBe(perHour);
  }
});

describeOnDatabases("turns in Postgres", (create) => {
  let own: OwnDatabase;
  let app: ServedApp;
  let store: TurnStore;

  beforeAll(async () => {
    own = await create();
    app = await serveApp(own.url);
    store = postgresTurns(app.database);
  });
  afterAll(async () => {
    await app.close();
    await own.remove();
  });

  async function pass(key: string, ms: number): Promise<void> {
    await app.database.withSession(
      async (session) =>
        await session.query(
          "UPDATE rate_limits SET free_at = free_at - $2::float8 * interval '1 millisecond' WHERE key = $1",
          [key, ms],
        ),
    );
  }

  test("are as many as in memory", async () => {
    expect(await take(store, "a", 4)).toEqual([true, true, true, false]);
    expect((await store.take([turn("a")])).get("a")).toBeCloseTo(HOUR_MS / 3, -5);
    await pass("a", HOUR_MS / 3);
    expect(await take(store, "a", 2)).toEqual([true, false]);
    await store.giveBack([turn("a")]);
    expect(await take(store, "a", 2)).toEqual([true, false]);
    await pass("a", 3 * HOUR_MS);
    expect(await take(store, "a", 4)).toEqual([true, true, true, false]);
  });

  test("of several are taken each for itself, and a refused one writes nothing", async () => {
    await take(store, "b", 3);
    const version = async () =>
      await app.database.withSession(
        async (session) => await session.query("SELECT xmin::text, free_at FROM rate_limits WHERE key = 'b'"),
      );
    const before = await version();
    expect([...(await store.take([turn("c"), turn("b"), turn("d")])).keys()]).toEqual(["b"]);
    expect(await version()).toEqual(before);
    expect(await take(store, "c", 3)).toEqual([true, true, false]);
  });

  test("are shared by all instances, and taken by nobody twice", async () => {
    const other = app.database.isEmbedded ? undefined : await secondInstance();
    const stores = [store, other === undefined ? store : postgresTurns(other)];
    const taken = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, i) => (await stores[i % 2]!.take([turn("x", 7), turn("y", 9)])).size,
      ),
    );
    expect(taken.filter((refused) => refused === 0)).toHaveLength(7);
    expect(taken.filter((refused) => refused === 1)).toHaveLength(2);
    await other?.close();
  });

  async function secondInstance(): Promise<Database> {
    return await openDatabase(parseDatabaseUrl({ DATABASE_URL: own.url }), { maxSessions: 5 });
  }

  test("that are free again leave no row", async () => {
    await take(store, "gone", 1);
    await pass("gone", HOUR_MS);
    await postgresTurns(app.database).take([turn("other")]);
    const rows = await app.database.withSession(
      async (session) => await session.query("SELECT key FROM rate_limits WHERE key = 'gone'"),
    );
    expect(rows).toEqual([]);
  });
});
