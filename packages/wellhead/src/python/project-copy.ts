import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
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
 * The project as it stands, where its alembic.ini says all and all revisions are files of it. Else a configuration beside it: with revisions of
 * other branches among them it names a folder with all of them; what stands in a pyproject.toml alone it says as an ini, which every
 * Alembic reads. env.py and everything else stay the project's.
 */
export function projectForAlembic(
  project: AlembicProject,
  files: readonly RevisionFile[],
): ProjectForAlembic {
  const folder = dirname(project.configFile);
  const isIni = project.configFile.endsWith(".ini");
  const isCopied = files.some(({ inMemory }) => inMemory !== undefined);
  const inPlace = ({ file }: RevisionFile): string => resolve(file);
  if (isIni && !isCopied)
    return { configFile: project.configFile, folder, fileOf: inPlace, remove: () => undefined };
  const copy = mkdtempSync(join(tmpdir(), "wellhead-alembic-"));
  const versions = join(copy, "versions");
  const inCopy = (file: RevisionFile): string => join(versions, `${file.revision}_${basename(file.path)}`);
  if (isCopied) {
    mkdirSync(versions);
    for (const file of files) writeFileSync(inCopy(file), revisionText(file));
  }
  const configFile = join(copy, "alembic.ini");
  writeFileSync(
    configFile,
    isIni
      ? iniCopy(readFileSync(project.configFile, "utf8"), folder, project.scriptLocation, versions)
      : iniOf(isCopied ? { ...project, versionLocations: [versions], recursive: false } : project),
  );
  return {
    configFile,
    folder,
    fileOf: isCopied ? inCopy : inPlace,
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}

/** The same configuration but for the versions folder; what hangs on the file's own folder stays where it was. */
function iniCopy(text: string, here: string, scriptLocation: string, versions: string): string {
  const replaced = ["script_location", "version_locations", "recursive_version_locations"];
  const isReplaced = new RegExp(
    String.raw`^(?:${replaced.join("|")})\s*[=:][^\n]*(?:\n[ \t]+[^\n]*)*\n?`,
    "gmu",
  );
  return text
    .replaceAll(isReplaced, "")
    .replaceAll("%(here)s", escaped(here))
    .replace(
      /^\[alembic\][^\n]*$/mu,
      (section) =>
        `${section}\nscript_location = ${escaped(scriptLocation)}\nversion_locations = ${escaped(versions)}`,
    );
}

/**
 * A project as an ini. Alembic takes what is in it before what a pyproject.toml says; the loggers are there for an env.py that
 * configures them from it.
 */
function iniOf({ scriptLocation, versionLocations, recursive, searchPath }: AlembicProject): string {
  const list = (paths: readonly string[]): string => escaped(paths.join(delimiter));
  return `[alembic]
script_location = ${escaped(scriptLocation)}
version_locations = ${list(versionLocations)}
version_path_separator = os
path_separator = os
recursive_version_locations = ${recursive}
${searchPath.length === 0 ? "" : `prepend_sys_path = ${list(searchPath)}\n`}
[loggers]
keys = root,alembic
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(levelname)s [%(name)s] %(message)s
`;
}

/** A percent sign begins an interpolation. */
function escaped(path: string): string {
  return path.replaceAll("%", "%%");
}
