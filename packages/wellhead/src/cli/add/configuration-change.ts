import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { FoundConfiguration } from "../../configuration/index.ts";
import { loadMigrations, type Migrations } from "../../migrate/index.ts";
import { configurationName, configurationText, withFolders, withNewFolders } from "../configuration-text.ts";
import { findMigrations } from "../migrations-place.ts";

/** What has to become of the project's configuration, so that its graph has the new folder. */
export type ConfigurationChange = {
  readonly file: string;
  /** The migrations folders as the configuration is to name them. */
  readonly folders: readonly string[];
} & (
  | { readonly kind: "none" }
  | { readonly kind: "create" | "change"; readonly from: string; readonly to: string }
  /** How the file says it cannot be seen: a person has to write it. */
  | { readonly kind: "by-hand" }
);

/** The project that something is added to: its revisions so far, and what its configuration has to say then. */
export interface ProjectRevisions {
  /** Those outside the new folder. */
  readonly others: Migrations;
  readonly change: ConfigurationChange;
}

/** @param folder - absolute, of the revisions that are added */
export function joinProject(folder: string, cwd: string, found: FoundConfiguration): ProjectRevisions {
  const place = findMigrations(undefined, cwd, found);
  const isNamed = found.configuration.migrations !== undefined || place.alembic !== undefined;
  // The default folder counts where there is one.
  const present = place.folders.filter((each) => isNamed || existsSync(each));
  const others = present.filter((each) => each !== folder && existsSync(each));
  return {
    others: loadMigrations(others, { recursive: place.recursive }),
    change: configurationChange(present.includes(folder) ? present : [...present, folder], cwd, found),
  };
}

function configurationChange(
  folders: readonly string[],
  cwd: string,
  found: FoundConfiguration,
): ConfigurationChange {
  const named = folders.map((each) => relative(found.folder, each).split(sep).join("/") || ".");
  if (found.file === undefined) {
    const file = join(cwd, configurationName(cwd));
    return { kind: "create", file, folders: named, from: "", to: configurationText(file, named) };
  }
  const { file } = found;
  const { migrations = [] } = found.configuration;
  const count = typeof migrations === "string" ? 1 : migrations.length;
  if (named.length === count) return { kind: "none", file, folders: named };
  const from = readFileSync(file, "utf8");
  const to = count === 0 ? withNewFolders(from, named) : withFolders(from, named);
  return to === undefined
    ? { kind: "by-hand", file, folders: named }
    : { kind: "change", file, folders: named, from, to };
}
