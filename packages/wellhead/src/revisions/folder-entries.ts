// What lies in the migrations folders, in load order.

import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { MigrationsFolderError, MigrationsFolderMissingError } from "./errors.ts";
import { notAFile } from "./read-text.ts";
import type { RevisionLanguage } from "./revision-file.ts";

/** A file whose name could be a revision's. */
export interface FolderEntry {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** As shown to people. */
  readonly path: string;
  readonly language: RevisionLanguage;
}

export interface FolderEntriesOptions {
  /** What relative folders hang on, and what paths are shown relative to. */
  readonly cwd: string;
  /** Also the folders inside, after a folder's own files (Alembic's `recursive_version_locations`). */
  readonly recursive: boolean;
}

/**
 * The files of the folders in load order: folder by folder as given, in each the names sorted by code point. A
 * folder that is reached twice counts once, where it came first.
 *
 * @throws MigrationsFolderMissingError E_MIGRATIONS_FOLDER_MISSING; MigrationsFolderError E_MIGRATIONS_FOLDER when
 * it is a file or may not be read; RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE for a folder named
 * `x.sql`
 */
export function folderEntries(
  folders: readonly string[],
  options: FolderEntriesOptions,
): readonly FolderEntry[] {
  const seen = new Set<string>();
  return folders.flatMap((folder) => entriesOf(resolve(options.cwd, folder), options, seen));
}

/** A path as people want to see it: relative where it lies below `cwd`. */
export function shownPath(file: string, cwd: string): string {
  const below = relative(cwd, file);
  return below === "" || below.startsWith("..") || isAbsolute(below) ? file : below;
}

function entriesOf(folder: string, options: FolderEntriesOptions, seen: Set<string>): readonly FolderEntry[] {
  const children = listFolder(folder, shownPath(folder, options.cwd));
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const inFolder = prefixesOf(folder, options.cwd);
  const entries = children.flatMap((child) => entryOf(child, inFolder));
  if (!options.recursive) return entries;
  const inside = children.filter((child) => child.isDirectory() && child.name !== "__pycache__");
  return [...entries, ...inside.flatMap((child) => entriesOf(join(folder, child.name), options, seen))];
}

function listFolder(folder: string, shown: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareByCodePoint(a.name, b.name));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw new MigrationsFolderMissingError(shown);
    if (code === "ENOTDIR") {
      throw new MigrationsFolderError(
        shown,
        "is a file, not a migrations folder",
        "name the folder that holds it",
        error,
      );
    }
    if (code === "ELOOP")
      throw new MigrationsFolderError(
        shown,
        "is a link that leads to itself",
        "name the folder itself",
        error,
      );
    throw new MigrationsFolderError(
      shown,
      `cannot be listed (${String(code)})`,
      "give the user that runs this the rights to read and enter the folder",
      error,
    );
  }
}

/** What stands in front of every name in a folder, absolute and as shown: a path is not worked out file by file. */
interface FolderPrefixes {
  readonly file: string;
  readonly path: string;
}

function prefixesOf(folder: string, cwd: string): FolderPrefixes {
  const file = join(folder, "x");
  return { file: file.slice(0, -1), path: shownPath(file, cwd).slice(0, -1) };
}

function entryOf(child: Dirent, inFolder: FolderPrefixes): readonly FolderEntry[] {
  const language = languageOf(child.name);
  if (language === undefined) return [];
  const file = inFolder.file + child.name;
  const path = inFolder.path + child.name;
  if (!child.isFile()) checkLink(child, file, path);
  return [{ name: child.name, file, path, language }];
}

/** The language of a revision with this name; undefined for a name that no revision has. */
export function languageOf(name: string): RevisionLanguage | undefined {
  if (name.endsWith(".py")) return /^(?:\.#|__init__)/u.test(name) ? undefined : "py";
  if (name.startsWith(".")) return undefined;
  if (name.endsWith(".sql")) return "sql";
  if (name.endsWith(".ts")) return /\.(?:d|test|spec)\.ts$/u.test(name) ? undefined : "ts";
  return undefined;
}

function checkLink(child: Dirent, file: string, path: string): void {
  const isLink = child.isSymbolicLink();
  const target = isLink ? statSync(file, { throwIfNoEntry: false }) : child;
  if (target === undefined) throw notAFile(path, "it is a link to nothing");
  if (target.isDirectory()) throw notAFile(path, "it is a folder");
  // A pipe would keep us waiting for ever.
  if (!target.isFile()) throw notAFile(path, "it is not a regular file");
}

/** The order of Alembic's `sorted()`; UTF-16 units would put an emoji before a full-width letter. */
export function compareByCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  // Step back from the middle of a pair of surrogates.
  const isInPair = index > 0 && (a.charCodeAt(index - 1) & 0xfc00) === 0xd800;
  const at = isInPair ? index - 1 : index;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
