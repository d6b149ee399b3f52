import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";

import { loadPGlite } from "./load-pglite.ts";
import { packTar, type TarEntry } from "./tar.ts";

/** The version of PGlite that the image is for; a test holds it to the one that is installed. */
export const PGLITE_VERSION = "0.5.16";

const IMAGE_NAME = `cluster-${PGLITE_VERSION}.tar.zst`;

/** Room for all of it. */
const UNPACKED_BYTES = 32 * 1024 * 1024;

/** Where the build puts the image; the path is the same from `src` and from `dist`. */
const shippedImage = new URL(`../../../dist/database/embedded/${IMAGE_NAME}`, import.meta.url);

/** Where a source tree that was never built keeps one. */
const cachedImage = new URL(`../../../../../node_modules/.cache/wellhead/${IMAGE_NAME}`, import.meta.url);

/**
 * An archive of the files of an empty cluster, as initdb makes them. It comes from the image that is shipped with
 * the package: running initdb takes 3 s and 1 GB. Only where there is no image it is run, and the result kept if
 * possible.
 */
export async function emptyCluster(): Promise<Buffer<ArrayBuffer>> {
  for (const image of [shippedImage, cachedImage]) {
    try {
      // In one piece: to join chunks takes as long as to decompress them.
      return await promisify(zstdDecompress)(await readFile(image), { chunkSize: UNPACKED_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  const archive = await runInitdb();
  await writeImage(archive, cachedImage).catch(() => undefined);
  return archive;
}

/** Makes the image that is shipped with the package, unless it is there. Called by the build. */
export async function buildShippedImage(): Promise<{ file: string; built: boolean }> {
  const file = fileURLToPath(shippedImage);
  const others = listFolder(dirname(file)).filter((name) => /\.tar\.\w+$/.test(name) && name !== IMAGE_NAME);
  for (const name of others) rmSync(join(dirname(file), name));
  if (listFolder(dirname(file)).includes(IMAGE_NAME)) return { file, built: false };
  await writeImage(await runInitdb(), shippedImage);
  return { file, built: true };
}

/** Compresses and writes an image so that readers see all of it or nothing, whoever else writes it at the same time. */
async function writeImage(archive: Buffer, image: URL): Promise<void> {
  const compressed = await promisify(zstdCompress)(archive, {
    params: {
      [constants.ZSTD_c_compressionLevel]: 12,
      // A window as large as the archive: the cluster holds the same database three times.
      [constants.ZSTD_c_windowLog]: 25,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    },
  });
  const file = fileURLToPath(image);
  mkdirSync(dirname(file), { recursive: true });
  const draft = mkdtempSync(`${file}-`);
  try {
    writeFileSync(join(draft, IMAGE_NAME), compressed);
    renameSync(join(draft, IMAGE_NAME), file);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A new cluster, closed as it should be, as an archive. */
async function runInitdb(): Promise<Buffer<ArrayBuffer>> {
  const { PGlite } = await loadPGlite();
  const folder = mkdtempSync(join(tmpdir(), "wellhead-initdb-"));
  try {
    // Segments of 1 MB: a small database then takes 30 MB on disk instead of 39.
    const instance = await PGlite.create(join(folder, "data"), { initDbStartParams: ["--wal-segsize=1"] });
    await instance.exec("CHECKPOINT");
    await instance.close();
    return packTar(readFolder(join(folder, "data")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readFolder(folder: string, prefix = ""): TarEntry[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): TarEntry[] => {
    const path = prefix + entry.name;
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return [{ kind: "folder", path }, ...readFolder(full, `${path}/`)];
    return [{ kind: "file", path, contents: readFileSync(full) }];
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
