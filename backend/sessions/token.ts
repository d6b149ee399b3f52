import { hash, randomBytes } from "node:crypto";

/** 256 random bits in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** A new token. It says nothing by itself; only its hash is kept. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether the text can be a token at all; whatever cannot need not be looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is kept of a token. Its bits are random, so one round of SHA-256 is all it needs, without a salt. */
export function hashToken(token: string): string {
  return hash("sha256", token);
}
