export { compareSchemas, differingObject, type SchemaDifference } from "./compare-schemas.ts";
export { differenceText } from "./difference-text.ts";
export { hashTables } from "./hash-tables.ts";
export { readSchema } from "./read-schema.ts";
export { schemaHash } from "./schema-hash.ts";
export type { SchemaSnapshot } from "./schema-object.ts";
