import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const wellhead = fileURLToPath(new URL("../../packages/wellhead", import.meta.url));
const fromSources = join(wellhead, "src/cli/main.ts");

/** Names the bundle of this run to all its processes. */
const BUNDLE = "WELLHEAD_TESTED_CLI";

/**
 * The beginning of a command line of ours: the command as it was bundled from the sources for this run, else the
 * sources themselves, which take ten times as long to load.
 */
export function cliCommand(): readonly [program: string, ...args: string[]] {
  const bundle = process.env[BUNDLE];
  const main = bundle === undefined ? fromSources : join(bundle, "main.cjs");
  return [process.execPath, "--conditions=wellhead-source", main];
}

/** What a process of ours gets of the tests' own environment: the way to programs, and to what Node has compiled. */
export function processEnvironment(): Record<string, string> {
  const bundle = process.env[BUNDLE];
  return {
    PATH: process.env["PATH"] ?? "",
    ...(bundle !== undefined && { NODE_COMPILE_CACHE: join(bundle, "compiled") }),
  };
}

/** vitest's global setup: bundles the command line, and what it copies, from the sources as they are now. */
export async function setup(): Promise<() => void> {
  // Beside what is built, because the command looks for what is shipped with it by its own place.
  const caches = join(wellhead, "node_modules/.cache");
  mkdirSync(caches, { recursive: true });
  const folder = mkdtempSync(join(caches, "tested-cli-"));
  process.env[BUNDLE] = folder;
  const run = promisify(execFile);
  await run(process.execPath, [join(wellhead, "scripts/bundle-cli.js"), folder]);
  await run(process.execPath, [join(wellhead, "scripts/build-backend-template.js")]);
  return () => rmSync(folder, { recursive: true, force: true });
}
