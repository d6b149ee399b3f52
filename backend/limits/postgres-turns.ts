import type { Database } from "wellhead";
import { inArray, lt, nowAndThen, orm, sql, statement, type Placeholder } from "../db/index.ts";
import { WINDOW_MS, type Turn, type TurnStore } from "./limit.ts";
import { rateLimits } from "./table.ts";

const WINDOW = milliseconds(WINDOW_MS);
const NEXT = sql`greatest(${rateLimits.freeAt}, now()) + (excluded.free_at - now())`;
/** How many rows are thrown away at a time. */
const FORGET = 10_000;

/**
 * Turns in Postgres, so that all instances count together, by Postgres' clock. A statement takes them in the order
 * that it is given; as everybody gives the same kinds in the same order, nobody waits in a circle.
 */
export function postgresTurns(database: Database): TurnStore {
  const forget = nowAndThen(async () => await forgetFree(database));
  return {
    take: async (turns) => {
      await forget();
      const taken = await take(database, turns);
      const refused = turns.filter(({ key }) => !taken.has(key));
      return refused.length === 0 ? new Map() : await waits(database, refused);
    },
    giveBack: async (turns) => await giveBack(database, turns),
  };
}

/** The keys of the turns that were free. A refused one writes nothing: an attack costs no rows. */
async function take(database: Database, turns: readonly Turn[]): Promise<ReadonlySet<string>> {
  const query = takeQuery(turns.length);
  const rows = await statement(database, async () => await query.execute(valuesOf(turns)));
  return new Set(rows.map(({ key }) => key));
}

const takeQuery = ofSize((size) =>
  orm
    .insert(rateLimits)
    .values(placeholders(size).map(({ key, cost }) => ({ key, freeAt: sql`now() + ${cost}` })))
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { freeAt: NEXT },
      setWhere: sql`${NEXT} <= now() + ${WINDOW}`,
    })
    .returning({ key: rateLimits.key })
    .prepare("take_turns"),
);

async function waits(database: Database, refused: readonly Turn[]): Promise<ReadonlyMap<string, number>> {
  const rows = await statement(
    database,
    async (orm) =>
      await orm
        .select({ key: rateLimits.key, aheadMs: sql<string>`extract(epoch FROM free_at - now()) * 1000` })
        .from(rateLimits)
        .where(keyIn(refused)),
  );
  const aheadMs = new Map(rows.map((row) => [row.key, Number(row.aheadMs)]));
  return new Map(
    refused.map(({ key, costMs }) => [key, Math.max(0, (aheadMs.get(key) ?? 0) + costMs - WINDOW_MS)]),
  );
}

async function giveBack(database: Database, turns: readonly Turn[]): Promise<void> {
  const query = giveBackQuery(turns.length);
  await statement(database, async () => await query.execute(valuesOf(turns)));
}

const giveBackQuery = ofSize((size) =>
  orm
    .insert(rateLimits)
    .values(placeholders(size).map(({ key, cost }) => ({ key, freeAt: sql`now() - ${cost}` })))
    // An insert, although the rows are there, because it takes them in the order of `take`.
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { freeAt: sql`${rateLimits.freeAt} - (now() - excluded.free_at)` },
    })
    .prepare("give_turns_back"),
);

/** Skips rows that somebody holds: it is to wait for nobody, and nobody in a circle with it. */
async function forgetFree(database: Database): Promise<void> {
  await statement(database, async (orm) => {
    const free = orm
      .select({ key: rateLimits.key })
      .from(rateLimits)
      .where(lt(rateLimits.freeAt, sql`now()`))
      .limit(FORGET)
      .for("update", { skipLocked: true });
    await orm.delete(rateLimits).where(inArray(rateLimits.key, free));
  });
}

function keyIn(turns: readonly Turn[]) {
  return inArray(
    rateLimits.key,
    turns.map(({ key }) => key),
  );
}

/** A query for each number of turns, put together once. */
function ofSize<Query>(make: (size: number) => Query): (size: number) => Query {
  const made = new Map<number, Query>();
  return (size) => {
    const query = made.get(size) ?? make(size);
    made.set(size, query);
    return query;
  };
}

function placeholders(size: number) {
  return Array.from({ length: size }, (_, place) => ({
    key: sql.placeholder(`key${place}`),
    cost: milliseconds(sql.placeholder(`cost${place}`)),
  }));
}

function valuesOf(turns: readonly Turn[]): Record<string, unknown> {
  return Object.fromEntries(
    turns.flatMap(({ key, costMs }, place) => [
      [`key${place}`, key],
      [`cost${place}`, costMs],
    ]),
  );
}

function milliseconds(count: number | Placeholder) {
  return sql`${count}::float8 * interval '1 millisecond'`;
}
