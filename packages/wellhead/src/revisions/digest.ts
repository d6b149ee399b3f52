/** The SHA-256 of a text, in hexadecimal. Node's module is loaded only then: it takes longer than many a command. */
export function sha256(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text, "hex");
}
