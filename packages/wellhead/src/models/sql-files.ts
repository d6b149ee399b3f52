import { readFileSync } from "node:fs";
import { ModelsUnreadableError } from "./errors.ts";
import type { SqlScript } from "./sql-script.ts";

/** Files of SQL, in their order. */
export function sqlFiles(files: readonly string[], shown: (file: string) => string): readonly SqlScript[] {
  return files.map((file) => ({ text: withoutPsql(read(file, shown)), path: shown(file) }));
}

function read(file: string, shown: (file: string) => string): string {
  const bytes = bytesOf(file, shown);
  try {
    // It leaves a byte order mark out.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ModelsUnreadableError(shown(file), "it is not UTF-8.", "save the file as UTF-8", error);
  }
}

function bytesOf(file: string, shown: (file: string) => string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new ModelsUnreadableError(shown(file), `${reason}.`, "see that the file can be read", error);
  }
}

/** pg_dump puts its text between two commands of psql, which mean nothing here. */
export function withoutPsql(text: string): string {
  return text.replaceAll(/^\\(?:un)?restrict\b.*$/gmu, "");
}
