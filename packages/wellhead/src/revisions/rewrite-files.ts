// Several files that change together: all of them, or none. Each is replaced by renaming a finished draft, and while
// there are several, a journal beside them knows how to put back those that were replaced already.

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { NewRevisionError, RewriteJournalError } from "./errors.ts";
import { shownPath } from "./folder-entries.ts";

/** A file with the text it has and the text it is to have, each with its byte order mark where it has one. */
export interface FileRewrite {
  /** Absolute. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const JOURNAL = ".wellhead-rewrite.json";
/** A journal that is younger belongs to a process that is at it. */
const IN_USE_MS = 2_000;
const LOOK_AGAIN_MS = 50;

/**
 * Gives all files their new text, or leaves every one as it was. What a process that died in between has left is put
 * right by {@link undoUnfinishedRewrite}.
 *
 * @param folder - where the journal lies meanwhile: the first migrations folder
 * @throws NewRevisionError E_REVISION_NOT_WRITABLE
 */
export function rewriteFiles(folder: string, rewrites: readonly FileRewrite[]): void {
  const journal = join(folder, JOURNAL);
  try {
    if (rewrites.length > 1) replaceFile(journal, JSON.stringify({ files: rewrites }));
    for (const { file, after } of rewrites) replaceFile(realpathSync(file), after);
  } catch (error) {
    for (const rewrite of rewrites) putBack(rewrite);
    throw notWritable(error);
  } finally {
    rmSync(journal, { force: true });
  }
}

/**
 * Puts back what a process has left half rewritten that died; the files as they were before it.
 *
 * @returns the files that it put back
 * @throws NewRevisionError E_REVISION_NOT_WRITABLE; RewriteJournalError E_REWRITE_JOURNAL
 */
export function undoUnfinishedRewrite(folder: string): readonly string[] {
  const journal = join(folder, JOURNAL);
  if (!isLeftBehind(journal)) return [];
  const rewrites = readJournal(journal);
  try {
    for (const { file } of rewrites) rmSync(draftOf(file), { force: true });
    const undone = rewrites.filter(putBack).map(({ file }) => file);
    rmSync(journal, { force: true });
    return undone;
  } catch (error) {
    throw notWritable(error);
  }
}

/** Whether there is a journal, and stays there for longer than a rewrite takes. */
function isLeftBehind(journal: string): boolean {
  for (;;) {
    const modified = modifiedMs(journal);
    if (modified === undefined) return false;
    if (Date.now() - modified > IN_USE_MS) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
}

/** Undefined too where the folder may not be entered or is a link to itself: who lists it says so. */
function modifiedMs(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}

function readJournal(journal: string): readonly FileRewrite[] {
  try {
    const { files } = JSON.parse(readFileSync(journal, "utf8"));
    if (Array.isArray(files) && files.every(isRewrite)) return files;
  } catch (error) {
    throw new RewriteJournalError(shownPath(journal, process.cwd()), error);
  }
  throw new RewriteJournalError(shownPath(journal, process.cwd()), undefined);
}

function isRewrite(value: unknown): value is FileRewrite {
  const { file, before, after } = (value ?? {}) as Partial<Record<keyof FileRewrite, unknown>>;
  return [file, before, after].every((text) => typeof text === "string");
}

/** Only a file that has the new text: whatever else stands there is somebody else's work. */
function putBack({ file, before, after }: FileRewrite): boolean {
  if (!existsSync(file) || readFileSync(file, "utf8") !== after) return false;
  replaceFile(realpathSync(file), before);
  return true;
}

/** A draft beside it, on the disk before it takes the file's place; no reader of the folder takes it for a revision. */
function replaceFile(file: string, text: string): void {
  const draft = draftOf(file);
  try {
    writeFileSync(draft, text);
    const mode = statSync(file, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined) chmodSync(draft, mode);
    const descriptor = openSync(draft, "r+");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function draftOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.draft`);
}

function notWritable(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  const path = "path" in error && typeof error.path === "string" ? error.path : "a revision file";
  return new NewRevisionError(
    `${shownPath(path, process.cwd())} cannot be written (${String(error.code)}); every file is as it was.`,
    "see that the folder and its files can be written to, and that the disk has room",
    error,
  );
}
