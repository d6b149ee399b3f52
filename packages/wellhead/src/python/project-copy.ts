import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { revisionText, type AlembicProject, type RevisionFile } from "../revisions/index.ts";

/** The configuration that Alembic is called with, and where it finds the revisions. */
export interface ProjectForAlembic {
  readonly configFile: string;
  /** The folder to call it in. */
  readonly folder: string;
  /** The files of the revisions as Python will name them. */
  readonly fileOf: (revision: RevisionFile) => string;
  readonly remove: () => void;
}

/**
 * The project as it stands, where all revisions are files of it. With revisions of other branches among them, a copy of
 * its configuration that names a folder with all of them; env.py and everything else stay the project's.
 */
export function projectForAlembic(
  project: AlembicProject,
  files: readonly RevisionFile[],
): ProjectForAlembic {
  const folder = dirname(project.configFile);
  const isCopied =
    files.some(({ inMemory }) => inMemory !== undefined) && project.configFile.endsWith(".ini");
  if (!isCopied)
    return {
      configFile: project.configFile,
      folder,
      fileOf: ({ file }) => resolve(file),
      remove: () => undefined,
    };
  const copy = mkdtempSync(join(tmpdir(), "wellhead-alembic-"));
  const versions = join(copy, "versions");
  mkdirSync(versions);
  const fileOf = (file: RevisionFile): string => join(versions, `${file.revision}_${basename(file.path)}`);
  for (const file of files) writeFileSync(fileOf(file), revisionText(file));
  const configFile = join(copy, basename(project.configFile));
  writeFileSync(
    configFile,
    iniCopy(readFileSync(project.configFile, "utf8"), folder, project.scriptLocation, versions),
  );
  return { configFile, folder, fileOf, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** The same configuration but for the versions folder; what hangs on the file's own folder stays where it was. */
function iniCopy(text: string, here: string, scriptLocation: string, versions: string): string {
  const replaced = ["script_location", "version_locations", "recursive_version_locations"];
  const isReplaced = new RegExp(
    String.raw`^(?:${replaced.join("|")})\s*[=:][^\n]*(?:\n[ \t]+[^\n]*)*\n?`,
    "gmu",
  );
  const escaped = (path: string): string => path.replaceAll("%", "%%");
  return text
    .replaceAll(isReplaced, "")
    .replaceAll("%(here)s", escaped(here))
    .replace(
      /^\[alembic\][^\n]*$/mu,
      (section) =>
        `${section}\nscript_location = ${escaped(scriptLocation)}\nversion_locations = ${escaped(versions)}`,
    );
}
