import { baseColumns, pgTable, varchar } from "../db/index.ts";

export const USERS_TABLE = "users";

/** The table `users`, as the revision `usr_20261123_users_table` leaves it. */
export const users = pgTable(USERS_TABLE, {
  ...baseColumns,
  /** As typed, but trimmed and in NFC. */
  email: varchar("email", { length: 256 }).notNull(),
  /** What makes an address known: in lower case, the domain in ASCII. */
  emailNormalized: varchar("email_normalized", { length: 1024 })
    .notNull()
    .unique("users_email_normalized_key"),
  fullName: varchar("full_name", { length: 256 }).notNull().default(""),
  /** In the PHC or the crypt format: it tells its own scheme. */
  hashedPassword: varchar("hashed_password", { length: 256 }).notNull(),
});

/** A user as the world may see them: never the hash. */
export type User = Pick<typeof users.$inferSelect, "id" | "email" | "fullName" | "createdAt">;

/** The columns of {@link User}, for a query. */
export const publicColumns = {
  id: users.id,
  email: users.email,
  fullName: users.fullName,
  createdAt: users.createdAt,
};
