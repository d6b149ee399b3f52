import type { FillableTable } from "./catalogue.ts";

/**
 * The tables in an order in which each finds the rows that its foreign keys need. Tables whose keys lead in a circle
 * come together.
 */
export function fillingOrder(
  tables: ReadonlyMap<string, FillableTable>,
): readonly (readonly FillableTable[])[] {
  const parents = parentsOf(tables);
  const units: FillableTable[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: FillableTable[] = [];
  // Tarjan's strongly connected components; a component is finished after all that it leads to.
  const visit = (table: FillableTable): void => {
    const own = index.size;
    index.set(table.oid, own);
    low.set(table.oid, own);
    stack.push(table);
    for (const parent of parents.get(table.oid) ?? []) {
      if (!index.has(parent.oid)) visit(parent);
      if (stack.includes(parent))
        low.set(table.oid, Math.min(low.get(table.oid) ?? own, low.get(parent.oid) ?? own));
    }
    if (low.get(table.oid) === own) units.push(stack.splice(stack.indexOf(table)));
  };
  for (const table of tables.values()) if (!index.has(table.oid)) visit(table);
  return units;
}

/** A key to a partitioned table is a key to any of its partitions. */
function parentsOf(
  tables: ReadonlyMap<string, FillableTable>,
): ReadonlyMap<string, readonly FillableTable[]> {
  const byRoot = Map.groupBy(tables.values(), ({ root }) => root);
  return new Map(
    [...tables.values()].map(({ oid, foreignKeys }) => [
      oid,
      foreignKeys.flatMap(({ parent }) => tables.get(parent) ?? byRoot.get(parent) ?? []),
    ]),
  );
}
