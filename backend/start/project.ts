import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findConfiguration, type MigrateOptions } from "wellhead";

const OWN_FOLDER = fileURLToPath(new URL("../migrations", import.meta.url));

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
  const { configuration, file, folder } = await findConfiguration(
    fileURLToPath(new URL("..", import.meta.url)),
  );
  const { versionTable, versionTableSchema, transaction = "all" } = configuration;
  const named = file === undefined ? OWN_FOLDER : (configuration.migrations ?? "migrations");
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
