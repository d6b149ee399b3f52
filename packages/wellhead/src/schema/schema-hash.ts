import { createHash } from "node:crypto";

import type { SchemaSnapshot } from "./schema-object.ts";

/** A text that two snapshots share when, and only when, they are equal: 64 hexadecimal digits. */
export function schemaHash(snapshot: SchemaSnapshot): string {
  const hash = createHash("sha256");
  for (const [key, { definition }] of snapshot) hash.update(`${key}\0${definition}\0`);
  return hash.digest("hex");
}
