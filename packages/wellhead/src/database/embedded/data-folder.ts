import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { emptyCluster } from "./cluster-image.ts";
import { EmbeddedFolderError, EmbeddedVersionError } from "./errors.ts";
import { isLockFile } from "./folder-lock.ts";
import { unpackTar, type TarEntry } from "./tar.ts";

/** The major version of the embedded Postgres. */
const POSTGRES_MAJOR = "18";

/** Stands in the folder while it is being filled. */
const UNFINISHED = "wellhead.unfinished";

/** The name of PG_VERSION until all the others are there. */
const LAST = "wellhead.last";

/** Makes the folder if it is not there, and refuses one that is something else's. */
export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder);
  if (names.includes("PG_VERSION")) refuseOtherVersion(folder);
  else if (!names.includes(UNFINISHED)) refuseForeignFiles(folder, names);
}

/**
 * Fills an empty folder with an empty cluster. Whenever it is cut off, the next start finds the mark and begins
 * again: a cluster counts from its PG_VERSION on, which comes last. Called by whoever holds the folder's lock.
 */
export async function fillFolder(folder: string): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  const archive = await emptyCluster();
  try {
    writeFileSync(join(folder, UNFINISHED), "");
    clear(folder);
    for (const entry of unpackTar(archive)) writeEntry(folder, entry);
    renameSync(join(folder, LAST), join(folder, "PG_VERSION"));
    rmSync(join(folder, UNFINISHED));
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

/** A file system's error in our words; others as they are. */
export function folderFailure(folder: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new EmbeddedFolderError(
    folder,
    `${syscall} failed with ${code}`,
    "Check that this user may write there and that the disk has room, or name another folder in DATABASE_URL (pglite://./FOLDER).",
    error,
  );
}

function writeEntry(folder: string, entry: TarEntry): void {
  const path = join(folder, entry.path === "PG_VERSION" ? LAST : entry.path);
  if (entry.kind === "folder") mkdirSync(path, { mode: 0o700 });
  else writeFileSync(path, entry.contents, { mode: 0o600 });
}

function refuseOtherVersion(folder: string): void {
  const version = readFileSync(join(folder, "PG_VERSION"), "utf8").trim();
  if (version !== POSTGRES_MAJOR) throw new EmbeddedVersionError(folder, version, POSTGRES_MAJOR);
}

function refuseForeignFiles(folder: string, names: readonly string[]): void {
  const foreign = names.find((name) => !isLockFile(name));
  if (foreign === undefined) return;
  throw new EmbeddedFolderError(
    folder,
    `it holds other files (${foreign}) and no Postgres data`,
    "name a folder that is empty or not there yet",
  );
}

/** Takes away what an attempt that was cut off has left. */
function clear(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== UNFINISHED && !isLockFile(name)) rmSync(join(folder, name), { recursive: true });
  }
}
