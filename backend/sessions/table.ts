import { baseColumns, foreignKey, index, integer, pgTable, timestamp, varchar } from "../db/index.ts";
import { users } from "../users/index.ts";

/** The table `sessions`: a row for everywhere that somebody is signed in. */
export const sessions = pgTable(
  "sessions",
  {
    ...baseColumns,
    userId: integer("user_id").notNull(),
    /** SHA-256 of the token, in hexadecimal: whoever reads the table cannot sign in with it. */
    tokenHash: varchar("token_hash", { length: 64 }).notNull().unique("sessions_token_hash_key"),
    /** Kept to the minute. */
    lastUsedAt: timestamp("last_used_at", { withTimezone: true, mode: "date" }).notNull().defaultNow(),
    /** When it ends however much it is used. */
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
    /** Where it was started from: IP address and browser, as far as they were told. */
    address: varchar("address", { length: 45 }),
    userAgent: varchar("user_agent", { length: 256 }).notNull().default(""),
  },
  (table) => [
    foreignKey({
      name: "sessions_user_id_fkey",
      columns: [table.userId],
      foreignColumns: [users.id],
    }).onDelete("cascade"),
    index("sessions_user_id_idx").on(table.userId),
    index("sessions_expires_at_idx").on(table.expiresAt),
  ],
);

/** A session as its user may see it: never the token or its hash. */
export type Session = Pick<
  typeof sessions.$inferSelect,
  "id" | "createdAt" | "lastUsedAt" | "expiresAt" | "address" | "userAgent"
>;

/** The columns of {@link Session}, for a query. */
export const sessionColumns = {
  id: sessions.id,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  expiresAt: sessions.expiresAt,
  address: sessions.address,
  userAgent: sessions.userAgent,
};
