import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writing } from "../writing.ts";
import type { ConfigurationChange } from "./configuration-change.ts";
import { checksumOf, RECORD_NAME, recordText, type CopyRecord } from "./copy-record.ts";
import type { FileAction } from "./decide.ts";
import type { FileChange } from "./file-changes.ts";
import type { Installation } from "./project-manifest.ts";
import type { Template } from "./template.ts";

/** A module on its way into a project: all that is known before anything is decided. */
export interface Copy {
  readonly folder: string;
  /** As shown to people. */
  readonly path: string;
  readonly template: Template;
  /** Of an earlier copy into the folder. */
  readonly record: CopyRecord | undefined;
  readonly configuration: ConfigurationChange;
  /** The files of the module, and the configuration where it changes. */
  readonly changes: readonly FileChange[];
  readonly install: Installation;
}

/** Does what was decided. */
export function carryOut(actions: ReadonlyMap<FileChange, FileAction>): void {
  for (const [{ path, file, upstream }, action] of actions) {
    if (action === "delete") writing(path, () => rmSync(file));
    if ((action === "create" || action === "overwrite") && upstream !== undefined) {
      writing(path, () => {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, upstream);
      });
    }
  }
}

/** Writes down what was copied, after everything else: where something failed, the next run still sees what is missing. */
export function writeRecord(
  { folder, path, template, record: previous, configuration }: Copy,
  actions: ReadonlyMap<FileChange, FileAction>,
): void {
  const files = [...actions].flatMap(([{ name, file, upstream }, action]): (readonly [string, string])[] => {
    if (upstream === undefined || file === configuration.file) return [];
    const copied = previous?.files[name];
    return [[name, action === "leave" && copied !== undefined ? copied : checksumOf(upstream)]];
  });
  const record = {
    template: "backend",
    version: template.version,
    files: Object.fromEntries(files),
  } as const;
  writing(join(path, RECORD_NAME), () => writeFileSync(join(folder, RECORD_NAME), recordText(record)));
}
