import type { SchemaObject } from "./schema-object.ts";

/** Whether a table is meant by one of these patterns: `public.users`, `shop.order_*`, `*.users`; without a dot a table of any schema. */
export function matchesAny(
  { schema, table }: Pick<SchemaObject, "schema" | "table">,
  patterns: readonly string[],
): boolean {
  return patterns.some((pattern) => expression(wholePattern(pattern)).test(`${schema}.${table}`));
}

/** Whether one of these patterns means tables of this schema. */
export function schemaMatchesAny(schema: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => expression(wholePattern(pattern).split(".")[0] ?? "").test(schema));
}

function wholePattern(pattern: string): string {
  return pattern.includes(".") ? pattern : `*.${pattern}`;
}

function expression(pattern: string): RegExp {
  const source = pattern.split("*").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s");
}
