import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** `Lax`: a link from elsewhere finds the user signed in; what other sites send by themselves comes without it. */
const ATTRIBUTES = { path: "/", httpOnly: true, sameSite: "Lax" } as const;

/** Gives the browser the token, which no script can read, until the session's end. */
export function setSessionCookie(c: Context, token: string, expiresAt: Date): void {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000));
  setCookie(c, cookieName(c), token, { ...ATTRIBUTES, secure: c.get("client").isSecure, maxAge });
}

/** Takes it back. */
export function clearSessionCookie(c: Context): void {
  deleteCookie(c, cookieName(c), { ...ATTRIBUTES, secure: c.get("client").isSecure });
}

/** The token that the browser sent along. */
export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, cookieName(c));
}

/** Over TLS with the prefix that lets nobody but this very host set it, not even one beside it in the domain. */
function cookieName(c: Context): string {
  return c.get("client").isSecure ? "__Host-session" : "session";
}
