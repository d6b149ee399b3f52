export { baseColumns, read, transaction } from "./base.ts";
export { count, pgTable, varchar } from "./drizzle.ts";
