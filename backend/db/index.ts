export { baseColumns, orm, statement, transaction, write } from "./base.ts";
export { withDeadline } from "./deadline.ts";
export {
  and,
  count,
  desc,
  eq,
  foreignKey,
  gt,
  index,
  inArray,
  integer,
  lt,
  pgTable,
  sql,
  timestamp,
  varchar,
  type Orm,
  type Placeholder,
} from "./drizzle.ts";
export { nowAndThen } from "./now-and-then.ts";
