import type { ContextVariableMap } from "hono";

declare module "hono" {
  interface ContextVariableMap {
    /** Hears of every event, where numbers are kept. */
    countEvent: (event: AuditEvent["event"]) => void;
  }
}

/** What a request's own functions need of it, wherever they are called from: `c.var` has it. */
export type RequestFacts = Pick<ContextVariableMap, "client" | "log"> &
  Partial<Pick<ContextVariableMap, "countEvent">>;

/** What an operator wants to find again: who came and went, and who was turned away. Never a secret, nor an address of mail. */
export type AuditEvent =
  | { readonly event: "registered"; readonly userId: number }
  | { readonly event: "login"; readonly userId: number; readonly sessionId: number }
  | { readonly event: "login-failed"; readonly userId?: number }
  | { readonly event: "rehashed"; readonly userId: number }
  | { readonly event: "logout"; readonly userId: number; readonly sessions: number }
  | { readonly event: "limited"; readonly limit: string };

/** Writes the event to the request's log, with the address that it came from. */
export function audit({ client, log, countEvent }: RequestFacts, event: AuditEvent): void {
  countEvent?.(event.event);
  log.info({ ...event, address: client.address }, "audit");
}
