import { dirname, resolve } from "node:path";
import type { FoundConfiguration } from "../configuration/index.ts";
import { AlembicConfigError, findAlembicProject, type AlembicProject } from "../revisions/index.ts";

/** Where the revisions are, and how a new file is named there. */
export interface MigrationsPlace {
  /** Absolute, in load order. */
  readonly folders: readonly string[];
  /** The folders inside them count too. */
  readonly recursive: boolean;
  /** The configuration of Alembic that holds there. */
  readonly alembic: AlembicProject | undefined;
}

/**
 * The folder that `--dir` names, else the configuration's; in a Python project the folders that its Alembic
 * configuration names, whether it lies where the command was called or in the named folder.
 */
export function findMigrations(
  dir: string | undefined,
  cwd: string,
  found: FoundConfiguration,
): MigrationsPlace {
  if (dir !== undefined) return namedFolder(resolve(cwd, dir));
  const isConfiguredHere =
    found.file !== undefined && (found.folder === cwd || found.configuration.migrations !== undefined);
  const alembic = isConfiguredHere ? undefined : findAlembicProject(cwd);
  if (alembic !== undefined) return placeOf(alembic);
  const named = found.configuration.migrations ?? "migrations";
  const folders = (typeof named === "string" ? [named] : named).map((name) => resolve(found.folder, name));
  return { folders, recursive: false, alembic };
}

function namedFolder(folder: string): MigrationsPlace {
  const inside = findAlembicProject(folder);
  if (inside !== undefined) return placeOf(inside);
  const around = projectAround(folder);
  return { folders: [folder], recursive: around?.recursive === true, alembic: around };
}

/** The project one of whose version locations the folder is: it says how files are named there. */
function projectAround(folder: string): AlembicProject | undefined {
  for (let at = dirname(folder); ; at = dirname(at)) {
    const project = projectIn(at);
    if (project?.versionLocations.includes(folder) === true) return project;
    if (dirname(at) === at) return undefined;
  }
}

/** A configuration that is not in order does not stand in the way of a folder that is named. */
function projectIn(folder: string): AlembicProject | undefined {
  try {
    return findAlembicProject(folder);
  } catch (error) {
    if (error instanceof AlembicConfigError) return undefined;
    throw error;
  }
}

function placeOf(alembic: AlembicProject): MigrationsPlace {
  return { folders: alembic.versionLocations, recursive: alembic.recursive, alembic };
}
