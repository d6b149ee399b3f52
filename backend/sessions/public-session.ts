import { z } from "@hono/zod-openapi";
import type { Session } from "./table.ts";

/** A session as JSON. */
export const sessionSchema = z
  .object({
    id: z.int().openapi({ example: 7 }),
    created_at: z.iso.datetime().openapi({ example: "2026-11-23T09:30:00.000Z" }),
    last_used_at: z.iso
      .datetime()
      .openapi({ example: "2026-11-23T10:15:00.000Z", description: "To the minute." }),
    expires_at: z.iso.datetime().openapi({ example: "2026-12-23T09:30:00.000Z" }),
    address: z.string().nullable().openapi({ example: "203.0.113.9", description: "Where it was started." }),
    user_agent: z.string().openapi({ example: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" }),
    is_current: z.boolean().openapi({ description: "Whether it is the one that asks." }),
  })
  .openapi("Session");

export function publicSession(session: Session, current: Session): z.input<typeof sessionSchema> {
  return {
    id: session.id,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    address: session.address,
    user_agent: session.userAgent,
    is_current: session.id === current.id,
  };
}
