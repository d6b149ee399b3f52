import { compareSchemas, differenceText, type SchemaDifference } from "../../schema/index.ts";
import type { Branch } from "./branch.ts";
import type { Ground } from "./ground.ts";
import { without, withoutVarying, type DataRow, type TableRows } from "./rows.ts";
import { movedSequences } from "./sequences.ts";
import { isOutOfRange, type OrderOptions, type OrderOutcome, type OrderState } from "./run-order.ts";

/** One thing that two orders leave otherwise, as `prove --json` prints it: first what the first order leaves. */
export type OrderDifference =
  | {
      /** `table`, `column`, `view`, … */
      readonly kind: string;
      readonly name: string;
      /** Its definition after each order; null where it is not there. */
      readonly definitions: readonly [string | null, string | null];
    }
  | {
      readonly kind: "rows";
      readonly name: string;
      /** Rows that only one order leaves, a few of them. */
      readonly rows: readonly [readonly DataRow[], readonly DataRow[]];
    }
  | {
      readonly kind: "sequence value";
      readonly name: string;
      /** What it gave last, and whether it did. */
      readonly values: readonly [string, string];
    };

/** How two orders differ. */
export interface Comparison {
  /** Empty when they leave the same. */
  readonly differences: readonly OrderDifference[];
  /** What differs is only which ids were drawn from a sequence. */
  readonly onlyIds: boolean;
}

/** Runs an order once more, with other options. */
export type RunAgain = (branches: readonly Branch[], options: OrderOptions) => Promise<OrderOutcome>;

/** Two orders of the same branches, and what each has left. */
export interface TwoOrders {
  readonly orders: readonly [readonly Branch[], readonly Branch[]];
  readonly states: readonly [OrderState, OrderState];
}

/** How many rows of a difference are shown. */
const SHOWN_ROWS = 5;

/**
 * What two orders have left otherwise. Rows that differ are looked at again: both orders run once more with other
 * random numbers and, a moment later, what then is not the same again does not count; and once more with sequences
 * further on, to see which values come from them.
 */
export async function compareOrders(
  { orders, states }: TwoOrders,
  ground: Ground,
  again: RunAgain,
): Promise<Comparison> {
  const schema = compareSchemas(states[0].schema, states[1].schema).map(schemaDifference);
  const sequences = sequenceDifferences(states);
  const suspects = differingTables(states, ground);
  if (suspects.length === 0) {
    return { differences: [...schema, ...sequences], onlyIds: schema.length === 0 && sequences.length > 0 };
  }
  const rowsOf = async (options: OrderOptions): Promise<readonly [TableRows, TableRows]> => {
    const [first, second] = orders;
    return [
      await rowsAfter(again, first, { ...options, rowsOf: present(suspects, states[0]) }),
      await rowsAfter(again, second, { ...options, rowsOf: present(suspects, states[1]) }),
    ];
  };
  const once = await rowsOf({});
  const twice = await rowsOf({ seed: 0.5 });
  const rows = rowDifferences(suspects, once, twice);
  const isOnlyIds =
    schema.length === 0 &&
    rows.length + sequences.length > 0 &&
    (rows.length === 0 || (await differInIdsOnly(suspects, once, rowsOf)));
  return { differences: [...schema, ...rows, ...sequences], onlyIds: isOnlyIds };
}

/** One line about one difference. */
export function orderDifferenceText(difference: OrderDifference): string {
  if ("rows" in difference) {
    const [first, second] = difference.rows.map((rows) => rows.map((row) => JSON.stringify(row)).join(" "));
    return `rows of ${difference.name}: ${first || "none more"} | ${second || "none more"}`;
  }
  if ("values" in difference) return `sequence ${difference.name} stands at ${difference.values.join(" | ")}`;
  const { kind, name, definitions } = difference;
  const [before, after] = definitions.map((definition) =>
    definition === null ? undefined : { kind, name, definition },
  );
  return textOf(before, after);
}

function textOf(
  before: { kind: string; name: string; definition: string } | undefined,
  after: { kind: string; name: string; definition: string } | undefined,
): string {
  if (before !== undefined && after !== undefined) return differenceText({ kind: "changed", before, after });
  if (before !== undefined) return differenceText({ kind: "removed", before });
  return after === undefined ? "" : differenceText({ kind: "added", after });
}

function schemaDifference(difference: SchemaDifference): OrderDifference {
  const before = "before" in difference ? difference.before : undefined;
  const after = "after" in difference ? difference.after : undefined;
  const { kind = "", name = "" } = after ?? before ?? {};
  return { kind, name, definitions: [before?.definition ?? null, after?.definition ?? null] };
}

/** An order that did not touch a table has left in it what was there. */
function differingTables(states: TwoOrders["states"], ground: Ground): readonly string[] {
  const names = new Set(states.flatMap(({ hashes }) => [...hashes.keys()]));
  const hashIn = (state: OrderState, name: string): string | undefined =>
    state.hashes.get(name) ?? (isThere(state, name) ? ground.hashes.get(name) : undefined);
  return [...names].filter((name) => {
    const [first, second] = [hashIn(states[0], name), hashIn(states[1], name)];
    // Of a table that only one order has, the schema tells.
    return first !== undefined && second !== undefined && first !== second;
  });
}

function sequenceDifferences(states: TwoOrders["states"]): readonly OrderDifference[] {
  const [one, other] = states;
  // Of a sequence that only one order has, the schema tells.
  return movedSequences(one.sequences, other.sequences).flatMap((name) => {
    const [first, second] = [one.sequences.get(name), other.sequences.get(name)];
    if (first === undefined || second === undefined) return [];
    return [{ kind: "sequence value", name, values: [first, second] } as const];
  });
}

function isThere({ schema }: OrderState, name: string): boolean {
  return schema.has(`table ${name}`) || schema.has(`materialized view ${name}`);
}

function present(tables: readonly string[], state: OrderState): readonly string[] {
  return tables.filter((name) => isThere(state, name));
}

async function rowsAfter(
  again: RunAgain,
  order: readonly Branch[],
  options: OrderOptions,
): Promise<TableRows> {
  const outcome = await again(order, options);
  if (outcome.kind === "failed") throw new OrderChangedItsMind(outcome.failure.message);
  return outcome.state.rows;
}

/** An order ran and then did not. */
class OrderChangedItsMind extends Error {}

function rowDifferences(
  tables: readonly string[],
  once: readonly [TableRows, TableRows],
  twice: readonly [TableRows, TableRows],
): readonly OrderDifference[] {
  return tables.flatMap((name) => {
    const rows = [0, 1].map((order) =>
      withoutVarying(once[order]?.get(name) ?? [], twice[order]?.get(name) ?? []),
    );
    const [first = [], second = []] = rows;
    const [onlyFirst, onlySecond] = [without(first, second), without(second, first)];
    if (onlyFirst.length + onlySecond.length === 0) return [];
    const shown = [onlyFirst.slice(0, SHOWN_ROWS), onlySecond.slice(0, SHOWN_ROWS)] as const;
    return [{ kind: "rows", name, rows: shown } as const];
  });
}

/** A sequence that is 1,000 further on gives other ids: where only values differ that then differ, they are ids. */
async function differInIdsOnly(
  tables: readonly string[],
  once: readonly [TableRows, TableRows],
  rowsOf: (options: OrderOptions) => Promise<readonly [TableRows, TableRows]>,
): Promise<boolean> {
  try {
    return rowDifferences(tables, once, await rowsOf({ seed: 0.5, shift: 1000 })).length === 0;
  } catch (error) {
    if (error instanceof OrderChangedItsMind || isOutOfRange(error)) return false;
    throw error;
  }
}
