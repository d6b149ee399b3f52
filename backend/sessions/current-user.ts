import type { Context } from "hono";
import type { Database } from "wellhead";
import { refuseCrossOrigin } from "../http/index.ts";
import { readSessionCookie } from "./cookie.ts";
import { findSession, type SessionOptions, type SignedIn } from "./sessions.ts";
import { isToken } from "./token.ts";

export interface CurrentUserServices {
  readonly database: Database;
  readonly sessions: SessionOptions;
  /** Origins of other sites whose pages may use a user's cookie. */
  readonly allowedOrigins: readonly string[];
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who sent the request: by its bearer token or, where it has none, by its cookie. Undefined when nobody is signed in.
 *
 * @throws {CrossOriginError} `E_CROSS_ORIGIN`, when another site's page has made the browser send the cookie with
 * something that changes things
 */
export async function currentUser(
  c: Context,
  { database, sessions, allowedOrigins }: CurrentUserServices,
): Promise<SignedIn | undefined> {
  const bearer = bearerToken(c);
  const token = bearer ?? readSessionCookie(c) ?? "";
  if (!isToken(token)) return undefined;
  if (bearer === undefined && !SAFE_METHODS.has(c.req.method)) refuseCrossOrigin(c, allowedOrigins);
  return await findSession(database, token, sessions);
}

/** The token of `Authorization: Bearer …`; the scheme's name is in any case (RFC 9110, 11.1). */
function bearerToken(c: Context): string | undefined {
  return /^bearer +(\S*) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}
