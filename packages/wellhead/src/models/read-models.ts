import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { ModelsConfiguration } from "../configuration/index.ts";
import { commandScript } from "./command.ts";
import { drizzleScript } from "./drizzle.ts";
import { ModelsUnreadableError } from "./errors.ts";
import { filesAt } from "./files-at.ts";
import type { Models, ModelsReach } from "./models.ts";
import { sqlFiles } from "./sql-files.ts";
import { withoutPasswords } from "./without-passwords.ts";

/** Where models are read. */
export interface ReadModelsOptions {
  /** The folder that paths hang from: the configuration file's. */
  readonly folder: string;
  /** What paths are shown relative to; default: the working directory. */
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads models as SQL. Drizzle's are turned into SQL by the project's own drizzle-kit.
 *
 * @throws {ModelsUnreadableError} `E_MODELS_UNREADABLE`
 */
export async function readModels(
  configured: string | ModelsConfiguration,
  { folder, cwd = process.cwd(), signal }: ReadModelsOptions,
): Promise<Models> {
  const configuration = typeof configured === "string" ? fromPath(configured, folder) : configured;
  const place = { folder, shown: (file: string) => shownPath(cwd, file) };
  const paths = (given: string | readonly string[]): string[] =>
    [given].flat().map((path) => resolve(folder, path));
  if ("drizzle" in configuration) {
    const files = paths(configuration.drizzle).flatMap((path) => filesAt(path, /\.[cm]?[jt]s$/, place.shown));
    return {
      name: files.map(place.shown).join(", "),
      scripts: [await drizzleScript(files, configuration.casing, place)],
      reach: reachOf(configuration, "tables", ["view", "materialized view", "policy", "sequence"]),
    };
  }
  if ("sql" in configuration) {
    const files = paths(configuration.sql).flatMap((path) => filesAt(path, /\.sql$/i, place.shown));
    return {
      name: [configuration.sql].flat().join(", "),
      scripts: sqlFiles(files, place.shown),
      reach: reachOf(configuration, "everything", []),
    };
  }
  return {
    name: withoutPasswords(configuration.command),
    scripts: [await commandScript(configuration.command, folder, signal)],
    reach: reachOf(configuration, "tables", []),
  };
}

function reachOf(
  { include = [], exclude = [], declares }: ModelsConfiguration,
  byDefault: ModelsReach["declares"],
  kinds: readonly string[],
): ModelsReach {
  return { include, exclude, declares: declares ?? byDefault, kinds };
}

/** A path alone says by its end what it is: a module is Drizzle's; a folder is what it holds. */
function fromPath(path: string, folder: string): ModelsConfiguration {
  if (/\.[cm]?[jt]s$/.test(path)) return { drizzle: path };
  if (/\.sql$/i.test(path)) return { sql: path };
  const file = resolve(folder, path);
  if (isFolder(file)) {
    const holdsSql = filesAt(file, /\.sql$/i, () => path, { mayBeEmpty: true }).length > 0;
    return holdsSql ? { sql: path } : { drizzle: path };
  }
  throw new ModelsUnreadableError(
    path,
    "there is no such file or folder, and its name does not say what it is.",
    'name a .ts module (Drizzle), a .sql file or a folder of them; a command stands in an object: `models: { command: "…" }`',
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function shownPath(cwd: string, file: string): string {
  const near = relative(cwd, file);
  return near === "" || near.startsWith("..") ? file : near;
}
