import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shownPath } from "../workspace.ts";
import { writing } from "../writing.ts";
import { checksumOf, type CopyRecord } from "./copy-record.ts";
import { fileStatus, type FileStatus } from "./file-status.ts";
import type { Template } from "./template.ts";

/** A file of the project, and what it would become. */
export interface FileChange {
  /** As shown to people. */
  readonly path: string;
  /** In the folder that is copied into. */
  readonly name: string;
  readonly file: string;
  readonly status: FileStatus;
  /** The text that lies there; undefined where there is none. */
  readonly here: string | undefined;
  /** The text that would be copied; undefined where there is none any more. */
  readonly upstream: string | undefined;
}

/** Every file of the template, and every one that was copied before, by name. */
export function fileChanges(
  folder: string,
  cwd: string,
  { files }: Template,
  record: CopyRecord | undefined,
): readonly FileChange[] {
  const names = new Set([...Object.keys(files), ...Object.keys(record?.files ?? {})]);
  return [...names].toSorted().flatMap((name) => {
    const file = join(folder, name);
    const path = shownPath(cwd, file);
    const here = readText(file, path);
    const upstream = files[name];
    const status = fileStatus({
      copied: record?.files[name],
      here: here === undefined ? undefined : checksumOf(here),
      upstream: upstream === undefined ? undefined : checksumOf(upstream),
    });
    return status === undefined ? [] : [{ path, name, file, status, here, upstream }];
  });
}

function readText(file: string, path: string): string | undefined {
  // A folder of that name is as much in the way of writing as of reading.
  return existsSync(file) ? writing(path, () => readFileSync(file, "utf8")) : undefined;
}
