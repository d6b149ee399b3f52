import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { AlembicConfigError } from "../errors.ts";
import { defaultFileTemplate } from "../file-template.ts";
import { shownPath } from "../folder-entries.ts";
import { readText } from "../read-text.ts";
import { defaultSlugLength } from "../slug.ts";
import { interpolate, readIniSection, type IniSection } from "./ini.ts";
import { readTomlTable } from "./toml.ts";

/** What a Python project's configuration says about its revisions. Folders are absolute. */
export interface AlembicProject {
  /** The alembic.ini, or the pyproject.toml where there is none. */
  readonly configFile: string;
  /** Where env.py is. The version table is set in there, in Python, so it is not known here. */
  readonly scriptLocation: string;
  /** The folders of the revisions, in the order that decides ties. */
  readonly versionLocations: readonly string[];
  /** Whether the folders inside those count too (`recursive_version_locations`). */
  readonly recursive: boolean;
  /** What stands first on Python's search path (`prepend_sys_path`). */
  readonly searchPath: readonly string[];
  readonly fileTemplate: string;
  /** `truncate_slug_length`. */
  readonly slugLength: number;
  /** An IANA time zone; undefined for local time. */
  readonly timezone: string | undefined;
}

/**
 * Reads the Alembic configuration of a folder: its alembic.ini, and `[tool.alembic]` of its pyproject.toml for what the
 * ini leaves open. Relative paths hang on the folder.
 *
 * @param section - the section of the ini, Alembic's `--name`
 * @returns undefined when neither file speaks of Alembic
 * @throws AlembicConfigError E_ALEMBIC_CONFIG when the script location is not named or not there
 */
export function findAlembicProject(folder: string, section = "alembic"): AlembicProject | undefined {
  const here = resolve(folder);
  const ini = optionsOfIni(join(here, "alembic.ini"), section, here);
  const toml = optionsOfToml(join(here, "pyproject.toml"), here);
  const configFile = (ini ?? toml)?.file;
  if (configFile === undefined) return undefined;
  const options: Options = {
    file: configFile,
    values: new Map([...(toml?.values ?? []), ...(ini?.values ?? [])]),
  };
  const scriptLocation = readScriptLocation(options, here);
  return {
    configFile,
    scriptLocation,
    versionLocations: readVersionLocations(options, here, scriptLocation),
    recursive: isTrue(options.values.get("recursive_version_locations")),
    searchPath: searchPath(options).map((root) => resolve(here, root)),
    fileTemplate: text(options, "file_template") ?? defaultFileTemplate,
    slugLength: readSlugLength(options),
    timezone: text(options, "timezone"),
  };
}

interface Options {
  readonly file: string;
  /** A list only where the file has lists (TOML). */
  readonly values: ReadonlyMap<string, string | readonly string[]>;
}

function optionsOfIni(file: string, section: string, here: string): Options | undefined {
  if (!existsSync(file)) return undefined;
  const found = readIniSection(readText(file, file), section);
  if (found === undefined) return undefined;
  const all: IniSection = new Map([...found, ["here", here]]);
  return { file, values: new Map([...found].map(([key, value]) => [key, interpolate(value, all)])) };
}

function optionsOfToml(file: string, here: string): Options | undefined {
  if (!existsSync(file)) return undefined;
  const table = readTomlTable(readText(file, file), "tool.alembic");
  if (table === undefined) return undefined;
  const tokens = new Map([["here", here]]);
  const values = new Map<string, string | readonly string[]>();
  for (const [key, value] of table) {
    const isList = typeof value === "object";
    values.set(
      key,
      isList ? value.map((item) => interpolate(item, tokens)) : interpolate(String(value), tokens),
    );
  }
  return { file, values };
}

/** The value of a key; undefined when it is missing or empty. */
function text({ values }: Options, key: string): string | undefined {
  const value = values.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isTrue(value: string | readonly string[] | undefined): boolean {
  return typeof value === "string" && /^(?:true|yes|on|1)$/iu.test(value);
}

function readScriptLocation(options: Options, here: string): string {
  const named = text(options, "script_location");
  const shown = shownPath(options.file, process.cwd());
  if (named === undefined) {
    throw new AlembicConfigError(
      shown,
      `${shown} names no script_location.`,
      "add `script_location = …`, the folder that holds env.py, or name the versions folder with `--dir`",
    );
  }
  const location = locationOf(named, options, here);
  if (existsSync(location)) return location;
  throw new AlembicConfigError(
    shown,
    `The script_location of ${shown} is not there: ${named}.`,
    "correct it, or name the versions folder with `--dir`",
  );
}

/** A folder, or `package:folder` as Python packages are named, looked for below the folder and `prepend_sys_path`. */
function locationOf(named: string, options: Options, here: string): string {
  const [, module, inside] = /^([\w.]{2,}):([^:]*)$/u.exec(named) ?? [];
  if (isAbsolute(named) || module === undefined || inside === undefined) return resolve(here, named);
  const roots = [".", ...searchPath(options)];
  const places = roots.map((root) => resolve(here, root, ...module.split("."), inside));
  return places.find((place) => existsSync(place)) ?? resolve(here, named);
}

function searchPath(options: Options): readonly string[] {
  return paths(options, "prepend_sys_path", /[,: ]+/u);
}

function readVersionLocations(options: Options, here: string, scriptLocation: string): readonly string[] {
  // Without path_separator Alembic splits at commas and blanks, as it did before it had the key.
  const named = paths(options, "version_locations", /, *| +/u);
  if (named.length === 0) return [join(scriptLocation, "versions")];
  return named.map((location) => locationOf(location, options, here));
}

const separators: Readonly<Record<string, string>> = {
  os: delimiter,
  ":": ":",
  ";": ";",
  space: " ",
  newline: "\n",
};

function paths(options: Options, key: string, legacy: RegExp): readonly string[] {
  const value = options.values.get(key);
  if (value === undefined) return [];
  const pieces = typeof value === "string" ? value.split(separatorOf(options) ?? legacy) : value;
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}

function separatorOf(options: Options): string | undefined {
  const named = text(options, "path_separator") ?? text(options, "version_path_separator");
  if (named === undefined) return undefined;
  const separator = separators[named];
  if (separator !== undefined) return separator;
  const shown = shownPath(options.file, process.cwd());
  throw new AlembicConfigError(
    shown,
    `${shown}: \`path_separator = ${named}\` is not known.`,
    `it is one of ${Object.keys(separators).join(", ")}`,
  );
}

function readSlugLength(options: Options): number {
  const length = Number(text(options, "truncate_slug_length") ?? defaultSlugLength);
  return Number.isInteger(length) && length > 0 ? length : defaultSlugLength;
}
