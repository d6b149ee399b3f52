import { isAbsolute, relative } from "node:path";
import { findConfiguration, type FoundConfiguration } from "../configuration/index.ts";
import type { DatabaseTarget } from "../database-url/index.ts";
import {
  databaseExists,
  loadMigrations,
  migrationTarget,
  withDatabase,
  type DatabaseOptions,
  type Migrations,
  type VersionTableOptions,
} from "../migrate/index.ts";
import type { Database } from "../database/index.ts";
import { undoUnfinishedRewrite } from "../revisions/index.ts";
import { listOption, textOption, type CommandOptions } from "./command-options.ts";
import { UsageError } from "./errors.ts";
import { findMigrations, type MigrationsPlace } from "./migrations-place.ts";

/** The project a command speaks of: its migrations folders and its database, from flags, environment and configuration. */
export interface Workspace extends FoundConfiguration {
  readonly place: MigrationsPlace;
  readonly migrations: () => Migrations;
  readonly versionTable: VersionTableOptions;
  readonly databaseOptions: DatabaseOptions;
  /** Every database that is known: those that `--url` names, and the one that holds without it, where there is one. */
  readonly databases: () => readonly DatabaseOptions[];
  readonly target: () => DatabaseTarget;
  /** Whether there is a database to ask: an embedded one that was never made is not created by a question. */
  readonly hasDatabase: () => boolean;
  readonly withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
}

/** Told of what happens on the way to the project and its database. */
export interface WorkspaceListener {
  readonly onRetry: NonNullable<DatabaseOptions["onRetry"]>;
  /** Files that an interrupted command had changed and that are as before again; none as a rule. */
  readonly onRestored: (files: readonly string[]) => void;
}

export async function openWorkspace(
  options: CommandOptions,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  { onRetry, onRestored }: WorkspaceListener,
): Promise<Workspace> {
  for (const name of ["config", "dir", "url"]) refuseEmpty(options, name);
  const found = await findConfiguration(cwd, textOption(options, "config"));
  const { configuration, folder } = found;
  const place = findMigrations(textOption(options, "dir"), cwd, found);
  for (const each of place.folders) onRestored(undoUnfinishedRewrite(each));
  const named = listOption(options, "url");
  const usual = isSet(env["DATABASE_URL"]) ? undefined : configuration.url;
  const reaching = (url: string | undefined): DatabaseOptions => ({
    env,
    ...(url !== undefined && { url }),
    baseFolder: folder,
    connectTimeoutMs: connectTimeoutMs(env),
    onRetry,
  });
  const databaseOptions = reaching(named.at(-1) ?? usual);
  let migrations: Migrations | undefined;
  const target = (): DatabaseTarget => migrationTarget(databaseOptions);
  return {
    ...found,
    place,
    migrations: () => (migrations ??= loadMigrations(place.folders, { recursive: place.recursive })),
    versionTable: {
      ...(configuration.versionTable !== undefined && { versionTable: configuration.versionTable }),
      ...(configuration.versionTableSchema !== undefined && {
        versionTableSchema: configuration.versionTableSchema,
      }),
    },
    databaseOptions,
    databases: () => [...named.map(reaching), ...[reaching(usual)].filter(databaseExists)],
    target,
    hasDatabase: () => databaseExists(databaseOptions),
    withDatabase: async (work) => await withDatabase(databaseOptions, work),
  };
}

/** `--url "$URL"` with a variable that is not set would otherwise name another database than was meant. */
function refuseEmpty(options: CommandOptions, name: string): void {
  if (!listOption(options, name).some((value) => value.trim() === "")) return;
  throw new UsageError(`--${name} is empty`, "give it a value, or leave it out");
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

/** `DB_CONNECT_TIMEOUT`, in seconds. A command asks for a person who waits, so its default is short. */
function connectTimeoutMs(env: Readonly<Record<string, string | undefined>>): number {
  const seconds = Number(env["DB_CONNECT_TIMEOUT"]?.trim() || "30");
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 30_000;
}

/** A path as people want to read it: relative to where they stand, where it is below it. */
export function shownPath(cwd: string, path: string): string {
  const near = relative(cwd, path);
  return near === "" || near.startsWith("..") || isAbsolute(near) ? path : near;
}
