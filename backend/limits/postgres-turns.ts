import type { Database } from "wellhead";
import { inArray, lt, nowAndThen, sql, statement } from "../db/index.ts";
import { WINDOW_MS, type Turn, type TurnStore } from "./limit.ts";
import { rateLimits } from "./table.ts";

const WINDOW = milliseconds(WINDOW_MS);
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
  const next = sql`greatest(${rateLimits.freeAt}, now()) + (excluded.free_at - now())`;
  const rows = await statement(
    database,
    async (orm) =>
      await orm
        .insert(rateLimits)
        .values(turns.map(({ key, costMs }) => ({ key, freeAt: sql`now() + ${milliseconds(costMs)}` })))
        .onConflictDoUpdate({
          target: rateLimits.key,
          set: { freeAt: next },
          setWhere: sql`${next} <= now() + ${WINDOW}`,
        })
        .returning({ key: rateLimits.key }),
  );
  return new Set(rows.map(({ key }) => key));
}

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
  await statement(
    database,
    async (orm) =>
      await orm
        .insert(rateLimits)
        .values(turns.map(({ key, costMs }) => ({ key, freeAt: sql`now() - ${milliseconds(costMs)}` })))
        // An insert, although the rows are there, because it takes them in the order of `take`.
        .onConflictDoUpdate({
          target: rateLimits.key,
          set: { freeAt: sql`${rateLimits.freeAt} - (now() - excluded.free_at)` },
        }),
  );
}

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

function milliseconds(count: number) {
  return sql`${count}::float8 * interval '1 millisecond'`;
}
