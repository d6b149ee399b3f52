import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The name of a new configuration file: TypeScript in a project of modules, plain JSON elsewhere. In a project whose
 * `package.json` does not say `"type": "module"` Node takes a `.ts` file for CommonJS.
 */
export function configurationName(folder: string): string {
  return isModuleProject(folder) ? "wellhead.config.ts" : "wellhead.config.json";
}

function isModuleProject(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return existsSync(join(folder, "tsconfig.json"));
  return /"type"\s*:\s*"module"/.test(readFileSync(file, "utf8"));
}

export function configurationText(file: string, migrations: string | readonly string[]): string {
  const folders = foldersLiteral(migrations);
  if (file.endsWith(".json")) return `{\n  "migrations": ${folders}\n}\n`;
  return [
    `import type { WellheadConfiguration } from "wellhead";`,
    "",
    "export default {",
    "  // The revisions, one file each.",
    `  migrations: ${folders},`,
    "  // The database is the environment's DATABASE_URL; without it an embedded Postgres in .data/pglite serves.",
    "} satisfies WellheadConfiguration;",
    "",
  ].join("\n");
}

/**
 * The text of a configuration with other migrations folders than it names; undefined where it does not show how it
 * names them: then a person has to write it.
 */
export function withFolders(text: string, folders: readonly string[]): string | undefined {
  const [only, ...more] = [...text.matchAll(NAMED_FOLDERS)].filter(
    ({ index }) => !isInLineComment(text, index),
  );
  if (only === undefined || more.length > 0) return undefined;
  const literal = only[1] ?? "";
  const start = only.index + only[0].length - literal.length;
  return text.slice(0, start) + foldersLiteral(folders) + text.slice(start + literal.length);
}

/** The text of a configuration that has named no migrations folders so far; undefined as above. */
export function withNewFolders(text: string, folders: readonly string[]): string | undefined {
  const opening = /(?:^\s*|export default\s*(?:defineConfig\(\s*)?)\{/.exec(text);
  if (opening === null) return undefined;
  const end = opening.index + opening[0].length;
  const key = text.trimStart().startsWith("{") ? '"migrations"' : "migrations";
  const isLast = /^\s*\}/.test(text.slice(end));
  return `${text.slice(0, end)}\n  ${key}: ${foldersLiteral(folders)}${isLast ? "" : ","}${text.slice(end)}`;
}

const NAMED_FOLDERS = /(?<![\w$.])["']?migrations["']?\s*:\s*("[^"\n]*"|'[^'\n]*'|\[[^[\]]*\])/g;

function isInLineComment(text: string, index: number): boolean {
  return /^\s*(?:\/\/|\*)/.test(text.slice(text.lastIndexOf("\n", index) + 1, index));
}

function foldersLiteral(folders: string | readonly string[]): string {
  const list = typeof folders === "string" ? [folders] : folders;
  const [only] = list;
  return list.length === 1
    ? JSON.stringify(only)
    : `[${list.map((each) => JSON.stringify(each)).join(", ")}]`;
}
