import { setFlagsFromString } from "node:v8";

import type * as PGliteModule from "@electric-sql/pglite";

/**
 * Loads PGlite's module. From here on V8 keeps to its baseline compiler for WebAssembly, in the whole process:
 * optimising Postgres' largest functions in the background takes another 400 MB (660 MB instead of 280 for a process
 * that only opens a database, and 830 under load) and half a second of CPU. Small statements take the same time
 * without; a heavy one takes 1.6 times as long. `--liftoff-only` would say both, but has no effect after V8's start.
 */
export async function loadPGlite(): Promise<typeof PGliteModule> {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  return await import("@electric-sql/pglite");
}
