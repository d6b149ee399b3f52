import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Template } from "./template.ts";

/** What the nearest `package.json` says of what is installed. */
export interface ProjectManifest {
  /** The folder of the `package.json`, or of the command where there is none. */
  readonly folder: string;
  /** The version range of each package that it names. */
  readonly ranges: ReadonlyMap<string, string>;
}

export function findManifest(cwd: string): ProjectManifest {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return { folder, ranges: rangesIn(folder) };
    if (dirname(folder) === folder) return { folder: cwd, ranges: new Map() };
  }
}

function rangesIn(folder: string): ReadonlyMap<string, string> {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
      string,
      Record<string, string> | undefined
    >;
    const kinds = ["peerDependencies", "optionalDependencies", "devDependencies", "dependencies"];
    return new Map(kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {})));
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/** What is to be installed, and what of it is there in an older version. */
export interface Installation {
  /** The command lines, for the package manager that the project uses. */
  readonly commands: readonly string[];
  readonly outdated: readonly {
    readonly name: string;
    readonly range: string;
    readonly needed: string;
  }[];
}

export function installation(
  { dependencies, devDependencies }: Template,
  { folder, ranges }: ProjectManifest,
): Installation {
  const manager =
    MANAGERS.find(({ lockfiles }) => lockfiles.some((name) => existsSync(join(folder, name)))) ?? NPM;
  const outdated = Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, needed]) => {
    const range = ranges.get(name);
    return range !== undefined && isOlder(range, needed) ? [{ name, range, needed }] : [];
  });
  const needed = (all: Template["dependencies"]): readonly string[] =>
    Object.entries(all)
      .filter(([name]) => !ranges.has(name) || outdated.some((each) => each.name === name))
      .map(([name, version]) => `${name}@${version}`);
  const line = (command: string, packages: readonly string[]): string[] =>
    packages.length === 0 ? [] : [[command, ...packages].join(" ")];
  return {
    commands: [...line(manager.add, needed(dependencies)), ...line(manager.addDev, needed(devDependencies))],
    outdated,
  };
}

const NPM = { lockfiles: [], add: "npm install", addDev: "npm install --save-dev" };

const MANAGERS = [
  { lockfiles: ["pnpm-lock.yaml"], add: "pnpm add", addDev: "pnpm add --save-dev" },
  { lockfiles: ["yarn.lock"], add: "yarn add", addDev: "yarn add --dev" },
  { lockfiles: ["bun.lock", "bun.lockb"], add: "bun add", addDev: "bun add --dev" },
];

/** Whether a range such as `^4.1.0` begins below the version; what is no number (`latest`, a path) is trusted. */
function isOlder(range: string, needed: string): boolean {
  const has = numbers(range);
  const wants = numbers(needed);
  if (has === undefined || wants === undefined) return false;
  const differing = has.findIndex((part, index) => part !== wants[index]);
  return differing >= 0 && (has[differing] ?? 0) < (wants[differing] ?? 0);
}

function numbers(text: string): readonly number[] | undefined {
  const [, major, minor, patch] = /^[\^~>=v\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
}
