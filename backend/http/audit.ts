import type { ContextVariableMap } from "hono";

/** What a request's own functions need of it, wherever they are called from: `c.var` has both. */
export type RequestFacts = Pick<ContextVariableMap, "client" | "log">;

/** What an operator wants to find again: who came and went, and who was turned away. Never a secret, nor an address of mail. */
export type AuditEvent =
  | { readonly event: "registered"; readonly userId: number }
  | { readonly event: "login"; readonly userId: number; readonly sessionId: number }
  | { readonly event: "login-failed"; readonly userId?: number }
  | { readonly event: "rehashed"; readonly userId: number }
  | { readonly event: "logout"; readonly userId: number; readonly sessions: number }
  | { readonly event: "limited"; readonly limit: string };

/** Writes the event to the request's log, with the address that it came from. */
export function audit({ client, log }: RequestFacts, event: AuditEvent): void {
  log.info({ ...event, address: client.address }, "audit");
}
