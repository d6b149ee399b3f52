import type { Hash } from "node:crypto";

/** The SHA-256 of a text, in hexadecimal. Node's module is loaded only then: it takes longer than many a command. */
export function sha256(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text, "hex");
}

/** The same of a text that comes in pieces. */
export function startSha256(): Hash {
  return process.getBuiltinModule("node:crypto").createHash("sha256");
}
