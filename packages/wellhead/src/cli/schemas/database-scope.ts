import { matchesAny, wholeSchema, type SchemaScope } from "../../schema/index.ts";

/** Everything in a database but who owns it, and but the tables that Wellhead keeps for itself. */
export function databaseScope(ownTables: readonly string[]): SchemaScope {
  return {
    ...wholeSchema,
    includes: (object) =>
      wholeSchema.includes(object) &&
      (object.schema === undefined || object.table === undefined || !matchesAny(object, ownTables)),
  };
}
