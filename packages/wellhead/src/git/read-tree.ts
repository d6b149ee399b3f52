import { GitFailedError } from "./errors.ts";
import { runGit } from "./git.ts";
import type { Repository } from "./repository.ts";

/** A file of a commit. */
export interface TreeFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  /** The id of its content: the same content has the same. */
  readonly blob: string;
}

/** Which files are wanted. */
export interface TreePlace {
  /** Folders from the top of the repository, with `/`; the top itself is empty. */
  readonly folders: readonly string[];
  /** Also those in the folders inside. */
  readonly recursive: boolean;
}

/**
 * The files of a commit in these folders, in their order and that of git. A folder that the commit has not got is empty
 * there. Links are left out.
 */
export function listTree(
  { root }: Repository,
  commit: string,
  { folders, recursive }: TreePlace,
): TreeFile[] {
  return folders.flatMap((folder) => {
    const prefix = folder === "" ? "" : `${folder}/`;
    const args = ["ls-tree", "-z", "--full-tree", ...(recursive ? ["-r"] : []), commit];
    const listed = runGit(root, prefix === "" ? args : [...args, "--", prefix]).toString("utf8");
    return listed.split("\0").flatMap((entry) => {
      const [, mode = "", kind, blob = "", path = ""] = /^(\d+) (\w+) (\w+)\t([^]*)$/u.exec(entry) ?? [];
      return kind === "blob" && mode.startsWith("100") ? [{ path, blob }] : [];
    });
  });
}

/** The contents of blobs, each once, read in one go. */
export function readBlobs({ root }: Repository, blobs: Iterable<string>): ReadonlyMap<string, Buffer> {
  const wanted = [...new Set(blobs)];
  const contents = new Map<string, Buffer>();
  if (wanted.length === 0) return contents;
  const output = runGit(root, ["cat-file", "--batch"], `${wanted.join("\n")}\n`);
  let offset = 0;
  for (const blob of wanted) {
    // `<id> blob <size>`, the content, a line end.
    const end = output.indexOf(10, offset);
    const size = Number(/ blob (\d+)$/u.exec(output.toString("utf8", offset, end))?.[1]);
    if (Number.isNaN(size))
      throw new GitFailedError("git cat-file", `the content ${blob} is not in this clone`);
    contents.set(blob, output.subarray(end + 1, end + 1 + size));
    offset = end + size + 2;
  }
  return contents;
}
