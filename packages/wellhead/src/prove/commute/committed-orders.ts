import { hashTables, readSchema } from "../../schema/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import { commitRevision } from "../run-revision.ts";
import type { OrderRunner } from "./alone.ts";
import { needsCopy, type Branch } from "./branch.ts";
import type { Ground } from "./ground.ts";
import { readRows } from "./rows.ts";
import {
  failsForWantOfCommit,
  failureOf,
  tryOrder,
  type OrderOptions,
  type OrderOutcome,
  type OrderState,
} from "./run-order.ts";
import { emptyTables, tablesAtFault } from "./seeded-rows.ts";
import { readSequences, resetChance, type SequenceValues } from "./sequences.ts";

/** How many copies are kept for the next order: an embedded one takes some 170 MB. */
const KEPT_COPIES = 2;

/** A database on which heads are committed. */
interface Committed {
  readonly scratch: Scratch;
  readonly sequences: SequenceValues;
}

type FailedOrder = Extract<OrderOutcome, { kind: "failed" }>;

/**
 * Runs orders whose heads need commits between them, as DETACH PARTITION CONCURRENTLY does. A copy takes a thousand times as long as a savepoint, so one on which a head is
 * committed serves all orders that begin with it, and what can is undone by a rollback there. No session of the ground may be out.
 */
export class CommittedOrders implements OrderRunner {
  readonly #ground: Ground;
  readonly #signal: AbortSignal | undefined;
  /** By what is committed there; those that were used last come last. */
  readonly #copies = new Map<string, Committed>();
  readonly #failures = new Map<string, FailedOrder>();

  constructor(ground: Ground, signal: AbortSignal | undefined) {
    this.#ground = ground;
    this.#signal = signal;
  }

  readonly run = async (order: readonly Branch[], options: OrderOptions): Promise<OrderOutcome> => {
    const [before, last] = [order.slice(0, -1), order.at(-1)];
    if (last === undefined) throw new Error("unreachable: an order has a head");
    const place = await this.#committed(before, options);
    if ("kind" in place) return place;
    if (!needsCopy(last)) {
      const outcome = await this.#tryThere(place, before, last, options);
      if (!failsForWantOfCommit(outcome)) return outcome;
    }
    const failed = await this.#commitThere(before, last, options);
    if (failed !== undefined) return failed;
    const there = this.#copies.get(keyOf(order, options));
    if (there === undefined) throw new Error("unreachable: it was committed");
    return { kind: "done", state: await readState(there.scratch, options) };
  };

  readonly tablesAtFault = async (table: string): Promise<readonly string[]> =>
    await this.#ground.scratch.database.transaction(
      async (session) => await tablesAtFault(session, this.#ground.filled, table),
    );

  async close(): Promise<void> {
    const copies = [...this.#copies.values()];
    this.#copies.clear();
    await Promise.all(copies.map(async ({ scratch }) => await scratch.close()));
  }

  /** The database on which these heads are committed: the ground itself for none. */
  async #committed(heads: readonly Branch[], options: OrderOptions): Promise<Committed | FailedOrder> {
    if (heads.length === 0) return this.#ground;
    const key = keyOf(heads, options);
    const failure = this.#failures.get(key);
    if (failure !== undefined) return failure;
    const known = this.#copies.get(key);
    if (known !== undefined) {
      this.#keep(key, known);
      return known;
    }
    const last = heads.at(-1) as Branch;
    const failed = await this.#commitThere(heads.slice(0, -1), last, options);
    return failed ?? (this.#copies.get(key) as Committed);
  }

  /** Runs a head in a transaction that is rolled back. */
  async #tryThere(
    { scratch, sequences }: Committed,
    before: readonly Branch[],
    head: Branch,
    { seed, shift, withoutRows, rowsOf }: OrderOptions,
  ): Promise<OrderOutcome> {
    // Chance and rows were seen to when the first head ran.
    const isFirst = before.length === 0;
    return await scratch.database.withSession(async (session) => {
      await session.run("BEGIN");
      try {
        return await tryOrder(session, { ...this.#ground, scratch, sequences }, [head], {
          ...(seed !== undefined && { seed }),
          ...(isFirst && shift !== undefined && { shift }),
          ...(isFirst && withoutRows !== undefined && { withoutRows }),
          ...(rowsOf !== undefined && { rowsOf }),
          hashesAll: true,
          signal: this.#signal,
        });
      } finally {
        await session.run("ROLLBACK").catch(() => undefined);
      }
    });
  }

  /** Commits a head after others, on their copy, which is theirs no more. */
  async #commitThere(
    before: readonly Branch[],
    head: Branch,
    options: OrderOptions,
  ): Promise<FailedOrder | undefined> {
    const place = await this.#committed(before, options);
    if ("kind" in place) return place;
    const isFirst = before.length === 0;
    if (isFirst) await this.#makeRoom();
    this.#copies.delete(keyOf(before, options));
    const scratch = isFirst ? await place.scratch.copy() : place.scratch;
    try {
      if (isFirst) await prepare(scratch, this.#ground.sequences, options);
      const failed = await commitBranch(scratch, head, this.#signal);
      if (failed !== undefined) {
        this.#failures.set(keyOf([...before, head], options), failed);
        await scratch.close();
        return failed;
      }
      const sequences = await scratch.database.withSession(
        async (session) => await readSequences(session, scratch),
      );
      this.#keep(keyOf([...before, head], options), { scratch, sequences });
      return undefined;
    } catch (error) {
      await scratch.close();
      throw error;
    }
  }

  #keep(key: string, copy: Committed): void {
    this.#copies.delete(key);
    this.#copies.set(key, copy);
  }

  /** Lets go of what was not used for the longest. */
  async #makeRoom(): Promise<void> {
    for (const [key, { scratch }] of this.#copies) {
      if (this.#copies.size < KEPT_COPIES) return;
      this.#copies.delete(key);
      await scratch.close();
    }
  }
}

function keyOf(heads: readonly Branch[], { seed = 0, shift = 0, withoutRows = [] }: OrderOptions): string {
  const revisions = heads.map((head) => head.revisions.map(({ revision }) => revision));
  return JSON.stringify([revisions, seed, shift, withoutRows]);
}

async function prepare(
  { database }: Scratch,
  sequences: SequenceValues,
  { seed = 0, shift = 0, withoutRows = [] }: OrderOptions,
): Promise<void> {
  await database.transaction(async (session) => {
    await resetChance(session, sequences, { seed, shift });
    await emptyTables(session, withoutRows);
  });
}

async function commitBranch(
  { database }: Scratch,
  { head, revisions }: Branch,
  signal: AbortSignal | undefined,
): Promise<FailedOrder | undefined> {
  return await database.withSession(async (session) => {
    for (const revision of revisions) {
      const failed = await failureOf(commitRevision(session, revision, { signal }), head);
      if (failed !== undefined) return failed;
    }
    return undefined;
  });
}

async function readState(scratch: Scratch, { rowsOf = [] }: OrderOptions): Promise<OrderState> {
  return await scratch.database.withSession(async (session) => ({
    schema: await readSchema(session),
    hashes: await hashTables(session),
    sequences: await readSequences(session, scratch),
    rows: await readRows(session, rowsOf),
    footprint: { relations: [], oids: new Map(), readsCatalogue: true, callsFunctions: true },
    effects: [],
  }));
}
