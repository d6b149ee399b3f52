import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { WellheadConfiguration } from "./configuration.ts";
import { ConfigurationMissingError, ConfigurationUnreadableError } from "./errors.ts";
import { validateConfiguration } from "./validate.ts";

/** A configuration and where it stands. */
export interface FoundConfiguration {
  readonly configuration: WellheadConfiguration;
  /** The folder of the file, to which its paths and the embedded database are relative; without a file the folder asked from. */
  readonly folder: string;
  /** The file; undefined where none was found. */
  readonly file: string | undefined;
}

export const CONFIGURATION_NAMES: readonly string[] = ["ts", "js", "mjs", "json"].map(
  (end) => `wellhead.config.${end}`,
);

/**
 * Finds and loads the configuration: the named file, or the first `wellhead.config.*` in the folder or one above it.
 * Without any, the defaults hold.
 *
 * @example
 * const { configuration, folder } = await findConfiguration(import.meta.dirname);
 *
 * @throws {ConfigurationMissingError} `E_CONFIG_MISSING`
 * @throws {ConfigurationUnreadableError} `E_CONFIG_UNREADABLE`
 * @throws {ConfigurationInvalidError} `E_CONFIG_INVALID`
 */
export async function findConfiguration(folder: string, named?: string): Promise<FoundConfiguration> {
  const file = named === undefined ? searchUpwards(folder) : resolve(folder, named);
  if (file === undefined) return { configuration: {}, folder, file };
  if (!existsSync(file)) throw new ConfigurationMissingError(shown(folder, file));
  const value = await load(file, shown(folder, file));
  return { configuration: validateConfiguration(value, shown(folder, file)), folder: dirname(file), file };
}

function searchUpwards(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = CONFIGURATION_NAMES.map((name) => join(at, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (dirname(at) === at) return undefined;
  }
}

async function load(file: string, path: string): Promise<unknown> {
  try {
    if (statSync(file).isDirectory()) throw new Error("it is a folder");
    if (file.endsWith(".json")) return parseJson(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    if (module.default === undefined) throw new Error("it has no default export");
    return module.default;
  } catch (error) {
    throw new ConfigurationUnreadableError(path, reasonOf(error, file), error);
  }
}

function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EACCES") return "permission denied";
  // Where Node strips the types itself, the place stands before the stack.
  const [, line] = /^(?:.*\D)?:(\d+)\n/.exec(error.stack ?? "") ?? [];
  const isHere = error.stack?.startsWith(`${file}:`) === true;
  return isHere && line !== undefined ? `${error.message} (line ${line})` : error.message;
}

/** JSON.parse quotes the text around a mistake, and that text may be a URL with its password. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const line =
      position === undefined ? "" : ` (line ${text.slice(0, Number(position)).split("\n").length})`;
    throw new SyntaxError(`it is not valid JSON${line}`);
  }
}

function shown(folder: string, file: string): string {
  const path = relative(folder, file);
  return path.startsWith("..") ? file : path;
}
