import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findConfiguration, type MigrateOptions } from "wellhead";

// Not `new URL("../migrations", import.meta.url)`: bundlers take that for a file to bring along.
const BACKEND = resolve(fileURLToPath(import.meta.url), "../..");

/** The project that this backend is a part of, as its `wellhead.config.*` says. */
export interface Project {
  /** The folder that the embedded Postgres' own is relative to. */
  readonly folder: string;
  /** Which revisions there are, and where the database keeps the versions it stands at. */
  readonly migrations: readonly string[];
  readonly versionTable: Pick<MigrateOptions, "versionTable" | "versionTableSchema">;
  readonly transaction: "all" | "each";
}

/**
 * Finds the project: the nearest configuration, in the backend's folder or above it. All of the project's revisions
 * count, not the backend's alone, because a database stands at versions of both. Without a configuration the backend
 * is a project by itself.
 *
 * @throws {WellheadError} `E_CONFIG_UNREADABLE`, `E_CONFIG_INVALID`
 */
export async function findProject(): Promise<Project> {
  const { configuration, file, folder } = await findConfiguration(BACKEND);
  const { versionTable, versionTableSchema, transaction = "all" } = configuration;
  const named =
    file === undefined ? resolve(BACKEND, "migrations") : (configuration.migrations ?? "migrations");
  return {
    folder,
    migrations: (typeof named === "string" ? [named] : named).map((name) => resolve(folder, name)),
    versionTable: {
      ...(versionTable !== undefined && { versionTable }),
      ...(versionTableSchema !== undefined && { versionTableSchema }),
    },
    transaction,
  };
}
