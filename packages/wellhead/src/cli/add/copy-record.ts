import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CopyRecordError } from "../errors.ts";

/** The file, in the folder that was copied into, which says what was copied: without it nobody could tell an edit. */
export const RECORD_NAME = ".wellhead.json";

export interface CopyRecord {
  readonly template: "backend";
  /** The version of this package that was copied from. */
  readonly version: string;
  /** The checksum of each file as it was copied, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The record of an earlier copy; undefined where there was none.
 *
 * @param path - of the folder, as shown to people
 * @throws {CopyRecordError} `E_COPY_RECORD`
 */
export function readRecord(folder: string, path: string): CopyRecord | undefined {
  const file = join(folder, RECORD_NAME);
  if (!existsSync(file)) return undefined;
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as CopyRecord;
    if (record.template === "backend" && typeof record.version === "string" && isTexts(record.files)) {
      return record;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CopyRecordError(join(path, RECORD_NAME));
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((each) => typeof each === "string")
  );
}

/** A version control system may have turned the ends of lines: that is no edit. */
export function checksumOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

export function recordText(record: CopyRecord): string {
  const files = Object.entries(record.files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ ...record, files: Object.fromEntries(files) }, undefined, 2)}\n`;
}
