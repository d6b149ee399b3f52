import type { Session } from "../database/index.ts";
import { catalogQuery } from "./catalog/catalog-query.ts";
import type { QueryStyle, SchemaObject, SchemaSnapshot } from "./schema-object.ts";
import { matchesAny } from "./table-pattern.ts";

/** What to read of a schema. */
export interface ReadSchemaOptions {
  /** Tables to leave out, with all that hangs on them: `public.alembic_version`, `*.wellhead_ledger`, `audit.*`; `*` stands for any text. */
  readonly exclude?: readonly string[];
}

/**
 * Reads the schema of a database in one round trip, as one statement sees it; inside an open transaction with what
 * that has done. No setting is different afterwards. The tables that Postgres and extensions bring are left out.
 *
 * @example
 * const before = await readSchema(session);
 * await session.run("ALTER TABLE users ADD COLUMN nickname text");
 * compareSchemas(before, await readSchema(session)); // one column was added
 */
export async function readSchema(
  session: Session,
  { exclude = [] }: ReadSchemaOptions = {},
): Promise<SchemaSnapshot> {
  const [server, ...rows] = (await session.queryArrays(catalogQuery)) as readonly CatalogRow[];
  const queryStyle = Number(server?.[3]) < 160_000 ? "before 16" : "since 16";
  const objects = rows.filter(([kind]) => kind !== "server").map((row) => schemaObject(row, queryStyle));
  return snapshotOf(exclude.length === 0 ? objects : objects.filter(isOutside(exclude)));
}

/** A snapshot of these objects, in its order. */
export function snapshotOf(objects: Iterable<SchemaObject>): SchemaSnapshot {
  const entries = [...objects].map((object): [string, SchemaObject] => [
    `${object.kind} ${object.name}`,
    object,
  ]);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

type CatalogRow = readonly [
  kind: string,
  schema: string | null,
  table: string | null,
  name: string,
  definition: string | null,
];

/** The kinds whose definitions can hold a query; of a function only where its body is not a text. */
const kindsWithQueries = new Set(["view", "materialized view", "rule", "policy"]);

function schemaObject(
  [kind, schema, table, name, definition]: CatalogRow,
  queryStyle: QueryStyle,
): SchemaObject {
  const text = definition ?? "";
  const hasQuery =
    kindsWithQueries.has(kind) || ((kind === "function" || kind === "procedure") && hasQueryBody(text));
  return {
    kind,
    name,
    definition: text,
    ...(schema !== null && { schema }),
    ...(table !== null && { table }),
    ...(hasQuery && { queryStyle }),
  };
}

/** A body that Postgres keeps as a query, `BEGIN ATOMIC …` or `RETURN …`, comes last and without `AS $…$`. */
function hasQueryBody(definition: string): boolean {
  return !/\nAS \$/.test(definition) && /\n(BEGIN ATOMIC|RETURN )/.test(definition);
}

function isOutside(exclude: readonly string[]): (object: SchemaObject) => boolean {
  return (object) =>
    object.schema === undefined || object.table === undefined || !matchesAny(object, exclude);
}
