import { z } from "@hono/zod-openapi";
import type { User } from "./table.ts";

/** A user as JSON. */
export const userSchema = z
  .object({
    id: z.int().openapi({ example: 1 }),
    email: z.string().openapi({ format: "email", example: "ada@example.com" }),
    full_name: z.string().openapi({ example: "Ada Lovelace" }),
    created_at: z.iso.datetime().openapi({ example: "2026-11-23T09:30:00.000Z" }),
  })
  .openapi("User");

export function publicUser(user: User): z.input<typeof userSchema> {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    created_at: user.createdAt.toISOString(),
  };
}
