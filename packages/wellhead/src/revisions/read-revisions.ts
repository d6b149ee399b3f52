import { WellheadError } from "../wellhead-error.ts";
import { readWrittenHead } from "./as-written.ts";
import { findHeadBlock, readCommentHead } from "./comment-head.ts";
import { folderEntries, type FolderEntry } from "./folder-entries.ts";
import { checkNotMeantAsRevision } from "./meant-as-revision.ts";
import { readPythonHead } from "./python-head.ts";
import { readText, readTextStart, type TextStart } from "./read-text.ts";
import type { RevisionFile, RevisionHead } from "./revision-file.ts";
import { missingUpgrade } from "./sections.ts";

/** How the migrations folders are read. */
export interface ReadRevisionsOptions {
  /** What relative folders hang on, and what paths are shown relative to. Default: the working directory. */
  readonly cwd?: string;
  /**
   * Also the folders inside each folder, after its own files (Alembic's `recursive_version_locations`). Default: false.
   */
  readonly recursive?: boolean;
  /** Told of a file that is refused, which is then left out. Default: the first such file is thrown. */
  readonly onRefused?: (error: WellheadError) => void;
}

/**
 * Reads the heads of all revisions in the migrations folders, in load order: folder by folder as given, in each the
 * file names sorted by code point. Nothing is run, and of most files only the first four kilobytes are read.
 *
 * A `.sql` or `.ts` file is a revision when it begins with a head (comments may stand above it). Without a head it is
 * ignored as something else (`seed.sql`, a helper), unless it looks like a revision that lost its head: then it is
 * refused (see E_REVISION_HEAD_MISSING). Every `.py` file is a revision, as it is to Alembic, except names that begin
 * with `.#` or `__init__`. Ignored always: hidden files, `.d.ts`, `.test.ts`, `.spec.ts`, every other name.
 *
 * @throws MigrationsFolderMissingError E_MIGRATIONS_FOLDER_MISSING
 * @throws MigrationsFolderError E_MIGRATIONS_FOLDER
 * @throws RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE
 * @throws RevisionEncodingError E_REVISION_ENCODING
 * @throws RevisionHeadMissingError E_REVISION_HEAD_MISSING
 * @throws RevisionHeadError E_REVISION_HEAD
 * @throws RevisionSectionError E_REVISION_SECTION for a `.sql` revision without an `-- upgrade` section
 */
export function readRevisions(
  folders: readonly string[],
  options: ReadRevisionsOptions = {},
): readonly RevisionFile[] {
  const { cwd = process.cwd(), recursive = false, onRefused } = options;
  return folderEntries(folders, { cwd, recursive }).flatMap(
    (entry) => (onRefused === undefined ? readFile(entry) : readUnless(onRefused, entry)) ?? [],
  );
}

function readUnless(onRefused: (error: WellheadError) => void, entry: FolderEntry): RevisionFile | undefined {
  try {
    return readFile(entry);
  } catch (error) {
    if (!(error instanceof WellheadError)) throw error;
    onRefused(error);
    return undefined;
  }
}

function readFile(entry: FolderEntry): RevisionFile | undefined {
  // A module can set its variables anywhere, so all of it is looked at.
  if (entry.language === "py") return revisionIn(wholeText(entry), entry);
  return revisionIn(readTextStart(entry.file, entry.path), entry);
}

function revisionIn(read: TextStart, entry: FolderEntry): RevisionFile | undefined {
  const head = headIn(read, entry);
  if (head === "unfinished") return revisionIn(wholeText(entry), entry);
  if (head === undefined) return undefined;
  const { file, path, language } = entry;
  return { ...head, path, file, language, text: read.isWhole && language !== "py" ? read.text : undefined };
}

function wholeText({ file, path }: FolderEntry): TextStart {
  return { text: readText(file, path), isWhole: true };
}

type NamedFile = Pick<FolderEntry, "name" | "path" | "language">;

/** The head in the whole text of a file with that name; undefined when it is no revision. */
export function headInText(text: string, file: NamedFile): RevisionHead | undefined {
  const head = headIn({ text, isWhole: true }, file);
  return head === "unfinished" ? undefined : head;
}

function headIn(
  { text, isWhole }: TextStart,
  { name, path, language }: NamedFile,
): RevisionHead | "unfinished" | undefined {
  if (language === "py") return readPythonHead(text, path);
  const written = language === "sql" ? readWrittenHead(text) : undefined;
  if (written !== undefined) return written;
  const found = findHeadBlock(text, language === "sql" ? "--" : "//", path, isWhole);
  if (found.kind === "unfinished") return "unfinished";
  if (found.kind !== "head") {
    checkNotMeantAsRevision({ name, path, language, text });
    return undefined;
  }
  const head = readCommentHead(found, path);
  if (language === "sql" && isWhole) checkUpgradeSection(text, found.endLine, path);
  return head;
}

/** The quick look that is possible here; the sections are read when the revision is loaded. */
function checkUpgradeSection(text: string, line: number, path: string): void {
  if (/^[ \t]*--[ \t]*upgrade[ \t]*:?[ \t]*$/imu.test(text.replaceAll("\r", "\n"))) return;
  throw missingUpgrade({ path, line });
}
