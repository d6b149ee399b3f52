export { compareSchemas, differingObject, type SchemaDifference } from "./compare-schemas.ts";
export { differenceText } from "./difference-text.ts";
export { hashTables } from "./hash-tables.ts";
export { readSchema } from "./read-schema.ts";
export { retellQueries } from "./retell-queries.ts";
export { schemaHash } from "./schema-hash.ts";
export type { SchemaObject, SchemaSnapshot } from "./schema-object.ts";
export { leftoverStatements } from "./plan/leftovers.ts";
export { planChange, type PlannedStatement, type PlanOrder } from "./plan/plan-change.ts";
export { readableName, readableSql } from "./plan/readable.ts";
export { readFacts, type SchemaFacts } from "./plan/schema-facts.ts";
export {
  outsideScope,
  wholeSchema,
  withinScope,
  type SchemaScope,
  type ScopedObject,
} from "./schema-scope.ts";
export { matchesAny, schemaMatchesAny } from "./table-pattern.ts";
