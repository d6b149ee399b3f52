// The files of a migrations folder as text: UTF-8, checked, with every way in which reading fails said in words.

import { isUtf8 } from "node:buffer";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { RevisionEncodingError, RevisionFileUnreadableError } from "./errors.ts";
import { lineOf } from "./lines.ts";

/** The first part of a file. */
export interface TextStart {
  /** Whole lines, unless the file ends before. */
  readonly text: string;
  /** Whether `text` is all of the file. */
  readonly isWhole: boolean;
}

const startBytes = 4096;
// One buffer for all files: 10,000 revisions are read in a row, synchronously.
const buffer = Buffer.allocUnsafe(startBytes);

/**
 * The first lines of a file, about four kilobytes of them; a byte order mark is left out.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE; RevisionEncodingError E_REVISION_ENCODING
 */
export function readTextStart(file: string, path: string): TextStart {
  const length = orUnreadable(path, () => readStart(file, path));
  if (length < startBytes) return { text: decodeText(buffer.subarray(0, length), path), isWhole: true };
  const lastLine = buffer.lastIndexOf(10) + 1;
  if (lastLine === 0) return { text: readText(file, path), isWhole: true };
  return { text: decodeText(buffer.subarray(0, lastLine), path), isWhole: false };
}

/**
 * The whole text of a file; a byte order mark is left out.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE; RevisionEncodingError E_REVISION_ENCODING
 */
export function readText(file: string, path: string): string {
  return decodeText(
    orUnreadable(path, () => readFileSync(file)),
    path,
  );
}

function readStart(file: string, path: string): number {
  const descriptor = openSync(file, "r");
  try {
    // A regular file gives less than it is asked for at its end only.
    const length = readSync(descriptor, buffer, 0, startBytes, null);
    if (length === 0 && !fstatSync(descriptor).isFile()) throw notAFile(path, "it is not a regular file");
    return length;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Bytes as text: UTF-8, without its byte order mark.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionEncodingError E_REVISION_ENCODING
 */
export function decodeText(bytes: Buffer, path: string): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw encodingError(bytes, path);
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function encodingError(bytes: Buffer, path: string): RevisionEncodingError {
  const isMarkedUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  // Without a mark it is UTF-8 as well where it is English, with a zero beside every letter.
  if (isMarkedUtf16 || bytes[0] === 0 || bytes[1] === 0) return new RevisionEncodingError(path, "UTF-16");
  if (!isUtf8(bytes)) return new RevisionEncodingError(path, "not UTF-8", firstBadLine(bytes));
  const text = bytes.toString("utf8");
  return new RevisionEncodingError(path, "NUL byte", lineOf(text, text.indexOf("\0")));
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(10, start);
    const end = feed === -1 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ["permission denied", "give the user that runs this the right to read it (`chmod a+r`)"],
  EPERM: ["permission denied", "give the user that runs this the right to read it (`chmod a+r`)"],
  EISDIR: [
    "it is a folder",
    "a revision is a file: rename the folder, or move it out of the migrations folder",
  ],
  ENOENT: [
    "it is not there",
    "a link may point to nothing: remove it, or restore the file that it points to",
  ],
  ELOOP: ["its link points to itself", "remove the link, or restore the file that it points to"],
};

function orUnreadable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (error instanceof RevisionFileUnreadableError || code === "") throw error;
    const [reason, hint] = reasons[code] ?? [code, "see that the file can be read"];
    throw new RevisionFileUnreadableError(path, reason, hint, error);
  }
}

/** The error for something with a revision's name that is no file, such as a folder or a pipe. */
export function notAFile(path: string, reason: string): RevisionFileUnreadableError {
  return new RevisionFileUnreadableError(
    path,
    reason,
    "a revision is a file: rename this, or move it out of the migrations folder",
  );
}
