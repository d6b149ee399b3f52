/** How a file of the project stands to the one that would be copied. */
export type FileStatus =
  /** It is not there, and was never copied. */
  | "new"
  /** It is there, word for word. */
  | "same"
  /** It is as it was copied, and another text would be copied now. */
  | "changed-upstream"
  /** It was edited, and what would be copied is what was copied. */
  | "edited-here"
  /** It was edited, and another text would be copied now. */
  | "edited-and-changed"
  /** It is as it was copied, and would not be copied any more. */
  | "removed-upstream"
  /** It was edited, and would not be copied any more. */
  | "edited-and-removed"
  /** It was copied and then deleted. */
  | "deleted-here"
  /** A file that nobody copied is in its place. */
  | "in-the-way"
  /** The project's configuration, which does not name the folder of the new revisions yet. */
  | "to-be-extended";

/** The checksums of one file; undefined where there is none. */
export interface FileTraces {
  /** As it was copied last. */
  readonly copied: string | undefined;
  /** As it lies in the project. */
  readonly here: string | undefined;
  /** As it would be copied now. */
  readonly upstream: string | undefined;
}

/** Tells local edits, upstream changes and both apart; undefined where there is nothing to tell. */
export function fileStatus({ copied, here, upstream }: FileTraces): FileStatus | undefined {
  if (here === upstream) return here === undefined ? undefined : "same";
  if (here === undefined) return copied === undefined ? "new" : "deleted-here";
  if (copied === undefined) return "in-the-way";
  if (upstream === undefined) return here === copied ? "removed-upstream" : "edited-and-removed";
  if (here === copied) return "changed-upstream";
  return upstream === copied ? "edited-here" : "edited-and-changed";
}

/** What changes a file that is there, and loses nothing that was written here. */
export function isPlainUpdate(status: FileStatus): boolean {
  return status === "changed-upstream" || status === "removed-upstream" || status === "to-be-extended";
}

/** What would lose something that was written here. */
export function isConflict(status: FileStatus): boolean {
  return status === "edited-and-changed" || status === "edited-and-removed" || status === "in-the-way";
}
