import { pgTable, timestamp, varchar } from "../db/index.ts";

/** The table `rate_limits`: a row a subject that has taken a turn of late. */
export const rateLimits = pgTable("rate_limits", {
  key: varchar("key", { length: 64 }).primaryKey(),
  /** When all its turns are free again; after that the row says nothing. */
  freeAt: timestamp("free_at", { withTimezone: true, mode: "date" }).notNull(),
});
