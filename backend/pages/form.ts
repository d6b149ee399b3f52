import type { Context, MiddlewareHandler } from "hono";
import { readBody, refuseCrossOrigin } from "../http/index.ts";
import type { Complaint } from "./complaint.ts";
import { refuseWithPage } from "./refusal.ts";

/**
 * Reads a form that one of our pages has sent, in three steps: what shows refusals as pages, what refuses the forms of
 * other sites' pages, and what reads the fields.
 */
export function readForm(
  allowedOrigins: readonly string[],
): readonly [MiddlewareHandler, MiddlewareHandler, MiddlewareHandler] {
  const refuseOthers: MiddlewareHandler = async (c, next) => {
    refuseCrossOrigin(c, allowedOrigins);
    await next();
  };
  return [refuseWithPage(), refuseOthers, readBody("form")];
}

/** Its fields as typed; those that are not there are empty. */
export function fieldsOf<const Name extends string>(c: Context, ...names: Name[]): Record<Name, string> {
  const body = c.get("body") as Readonly<Record<string, string>>;
  return Object.fromEntries(names.map((name) => [name, body[name] ?? ""])) as Record<Name, string>;
}

/** Whether the page's script asks, which puts the answer into the page that is there. */
export function isScript(c: Context): boolean {
  return c.req.header("Accept") === "application/json";
}

/** Leads on after a form: a reload must not send it again. */
export function leadTo(c: Context, location: string): Response {
  c.header("Cache-Control", "no-store");
  return isScript(c) ? c.json({ location }, 200) : c.redirect(location, 303);
}

/** Tells the script why its form could not be taken. */
export function complain(c: Context, { status, fields, message }: Complaint): Response {
  return c.json({ fields, message }, status, { "Cache-Control": "no-store" });
}
