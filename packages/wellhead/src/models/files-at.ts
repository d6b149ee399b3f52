import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ModelsUnreadableError } from "./errors.ts";

/** The file at a path, or all files with such a name in the folder there and below, sorted by path. */
export function filesAt(
  path: string,
  name: RegExp,
  shown: (file: string) => string,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): readonly string[] {
  if (!isFolder(path, shown)) return [path];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((each) => name.test(each) && !/(^|[/\\])node_modules[/\\]|\.d\.[cm]?ts$/.test(each))
    .toSorted()
    .map((each) => join(path, each));
  if (files.length === 0 && !mayBeEmpty) {
    throw new ModelsUnreadableError(
      shown(path),
      `the folder holds no ${name.test("x.sql") ? "SQL files" : "modules"}.`,
      "name the file, or the folder that holds such files",
    );
  }
  return files;
}

function isFolder(path: string, shown: (file: string) => string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new ModelsUnreadableError(
      shown(path),
      "there is no such file or folder.",
      "see `models` in the configuration: its paths are relative to the configuration file",
      error,
    );
  }
}
