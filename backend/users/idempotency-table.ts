import { baseColumns, foreignKey, index, integer, pgTable, timestamp, varchar } from "../db/index.ts";
import { users } from "./table.ts";

/**
 * The table `idempotency_keys`: which registration a key stands for. It keeps no answer, which is made again of the
 * user's row, and nothing of the password, which is checked against that row's hash.
 */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    ...baseColumns,
    /** SHA-256 of what the client sent, in hexadecimal. */
    keyHash: varchar("key_hash", { length: 64 }).notNull().unique("idempotency_keys_key_hash_key"),
    userId: integer("user_id").notNull(),
    /** SHA-256 of all that was asked for, less the password. */
    requestHash: varchar("request_hash", { length: 64 }).notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [
    foreignKey({
      name: "idempotency_keys_user_id_fkey",
      columns: [table.userId],
      foreignColumns: [users.id],
    }).onDelete("cascade"),
    index("idempotency_keys_user_id_idx").on(table.userId),
    index("idempotency_keys_expires_at_idx").on(table.expiresAt),
  ],
);
