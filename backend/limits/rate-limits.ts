import type { Database } from "wellhead";
import { audit, TooManyRequestsError, type RequestFacts } from "../http/index.ts";
import { turnOf, type Limit, type Turn } from "./limit.ts";
import { memoryTurns } from "./memory-turns.ts";
import { postgresTurns } from "./postgres-turns.ts";

/** Something that was done for a subject, which a limit counts; a subject that is not known is not counted. */
export interface Hit {
  readonly limit: Limit;
  readonly subject: string | undefined;
}

export interface RateLimits {
  /**
   * Counts all of the hits or, where a limit says no, none of them. The hits of one request come in one order: what
   * many share first.
   *
   * @throws {TooManyRequestsError} `E_TOO_MANY_REQUESTS`, 429, with the limit that asks for the longest wait
   */
  take(hits: readonly Hit[], request: RequestFacts): Promise<void>;
  /** Takes back what turned out to be none. */
  giveBack(hits: readonly Hit[]): Promise<void>;
}

/** Limits that all instances over one Postgres share; the embedded one has a single instance. */
export function createRateLimits(database: Database): RateLimits {
  const store = database.isEmbedded ? memoryTurns() : postgresTurns(database);
  return {
    take: async (hits, request) => {
      const turns = turnsOf(hits);
      if (turns.length === 0) return;
      const refused = await store.take(turns);
      if (refused.size === 0) return;
      const taken = turns.filter(({ key }) => !refused.has(key));
      if (taken.length > 0) await store.giveBack(taken);
      const [name, waitMs] = longest(turns, refused);
      audit(request, { event: "limited", limit: name });
      throw new TooManyRequestsError(name, Math.max(1, Math.ceil(waitMs / 1000)));
    },
    giveBack: async (hits) => {
      const turns = turnsOf(hits);
      if (turns.length > 0) await store.giveBack(turns);
    },
  };
}

interface NamedTurn extends Turn {
  readonly name: string;
}

function turnsOf(hits: readonly Hit[]): readonly NamedTurn[] {
  return hits.flatMap(({ limit, subject }) =>
    subject === undefined || limit.perHour === 0 ? [] : { name: limit.name, ...turnOf(limit, subject) },
  );
}

function longest(turns: readonly NamedTurn[], waits: ReadonlyMap<string, number>): readonly [string, number] {
  const refused = turns.map(({ key, name }) => [name, waits.get(key) ?? -1] as const);
  return refused.toSorted(([, a], [, b]) => b - a)[0] ?? ["", 0];
}
