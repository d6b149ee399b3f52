/** One entry of an archive: a file with its contents, or a folder. */
export type TarEntry =
  | { readonly kind: "file"; readonly path: string; readonly contents: Uint8Array }
  | { readonly kind: "folder"; readonly path: string };

const BLOCK = 512;

/**
 * A ustar archive, the same bytes for the same entries: no times, no owners. Paths of up to 100 bytes, which is ample
 * for a Postgres cluster.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export function packTar(entries: readonly TarEntry[]): Buffer<ArrayBuffer> {
  const blocks = entries.flatMap((entry) => {
    const contents = entry.kind === "file" ? entry.contents : new Uint8Array();
    return [header(entry, contents.length), contents, Buffer.alloc(padding(contents.length))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** The entries of an archive that `packTar` made, in their order; contents are views into it. */
export function* unpackTar(archive: Buffer): Generator<TarEntry> {
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const path = text(archive, at, 100);
    const size = Number.parseInt(text(archive, at + 124, 12), 8);
    const isFolder = archive[at + 156] === FOLDER;
    at += BLOCK;
    if (at + size > archive.length) throw new Error(`the archive ends inside ${path}`);
    yield isFolder
      ? { kind: "folder", path: path.replace(/\/$/, "") }
      : { kind: "file", path, contents: archive.subarray(at, at + size) };
    at += size + padding(size);
  }
}

const FILE = "0".charCodeAt(0);
const FOLDER = "5".charCodeAt(0);

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const isFolder = entry.kind === "folder";
  if (block.write(isFolder ? `${entry.path}/` : entry.path, 0, 100) > 99)
    throw new Error(`path too long: ${entry.path}`);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, "0"), at);
  octal(isFolder ? 0o700 : 0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(" ", 148, 156);
  block[156] = isFolder ? FOLDER : FILE;
  block.write("ustar\u000000", 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function text(archive: Buffer, at: number, width: number): string {
  const end = archive.indexOf(0, at);
  return archive.toString("utf8", at, end === -1 ? at + width : Math.min(end, at + width));
}
