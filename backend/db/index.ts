export { baseColumns, read, transaction } from "./base.ts";
export { count, pgTable, varchar, type Orm } from "./drizzle.ts";
