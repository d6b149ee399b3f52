export { baseColumns, read, transaction } from "./base.ts";
export { pgTable, varchar, type Orm } from "./drizzle.ts";
