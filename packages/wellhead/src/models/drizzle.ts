import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { ModelsUnreadableError } from "./errors.ts";
import type { SqlScript } from "./sql-script.ts";

/** What is used of `drizzle-kit/api`. */
interface DrizzleKit {
  readonly generateDrizzleJson: (
    exports: Record<string, unknown>,
    previousId?: string,
    schemaFilters?: string[],
    casing?: "snake_case" | "camelCase",
  ) => unknown;
  readonly generateMigration: (before: unknown, after: unknown) => Promise<string[]> | string[];
}

interface Place {
  readonly folder: string;
  readonly shown: (file: string) => string;
}

/** Drizzle's modules as SQL, made by the drizzle-kit of the project that they stand in. */
export async function drizzleScript(
  files: readonly string[],
  casing: "snake_case" | "camelCase" | undefined,
  { folder, shown }: Place,
): Promise<SqlScript> {
  const path = files.map(shown).join(", ");
  const kit = drizzleKit(files[0] ?? folder, path);
  const exports: Record<string, unknown> = {};
  for (const [index, file] of files.entries()) {
    for (const [name, value] of Object.entries(await load(file, shown(file)))) {
      // Names of two files may be the same; a table that two files export is one.
      if (!Object.values(exports).includes(value)) exports[`${name}_${index}`] = value;
    }
  }
  try {
    const [before, after] = [
      kit.generateDrizzleJson({}, undefined, undefined, casing),
      kit.generateDrizzleJson(exports, undefined, undefined, casing),
    ];
    const statements = await kit.generateMigration(await before, await after);
    return {
      text: statements.map((statement) => `${statement.trim().replace(/;$/, "")};\n`).join("\n"),
      path,
    };
  } catch (error) {
    throw new ModelsUnreadableError(
      path,
      `drizzle-kit says: ${error instanceof Error ? error.message : String(error)}`,
      "see that `npx drizzle-kit generate` takes the schema",
      error,
    );
  }
}

function drizzleKit(file: string, path: string): DrizzleKit {
  const require = createRequire(pathToFileURL(file));
  let kit: Partial<DrizzleKit>;
  try {
    kit = require("drizzle-kit/api") as Partial<DrizzleKit>;
  } catch (error) {
    throw new ModelsUnreadableError(
      path,
      "it is a Drizzle schema, and drizzle-kit, which turns it into SQL, is not installed there.",
      "install it beside drizzle-orm: `npm install --save-dev drizzle-kit`",
      error,
    );
  }
  const { generateDrizzleJson, generateMigration } = kit;
  if (generateDrizzleJson !== undefined && generateMigration !== undefined)
    return { generateDrizzleJson, generateMigration };
  throw new ModelsUnreadableError(
    path,
    "this drizzle-kit does not offer generateDrizzleJson and generateMigration.",
    'install drizzle-kit 0.31, or name a command: `models: { command: "npx drizzle-kit export" }`',
  );
}

async function load(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const compiled = await loadByTsx(file, error);
    if (compiled !== undefined) return compiled;
    throw new ModelsUnreadableError(
      path,
      error instanceof Error ? error.message : String(error),
      "Node strips the types of a schema and compiles nothing: write imports with their ending (`./users.ts`) and no `enum`, or install tsx, which compiles",
      error,
    );
  }
}

/** Schemas are often written for a bundler. Where the project has tsx, which drizzle-kit brings, it can load those. */
async function loadByTsx(file: string, error: unknown): Promise<Record<string, unknown> | undefined> {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isForCompiler = [
    "ERR_MODULE_NOT_FOUND",
    "ERR_UNSUPPORTED_DIR_IMPORT",
    "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  ].includes(String(code));
  if (!isForCompiler) return undefined;
  try {
    const api = createRequire(pathToFileURL(file)).resolve("tsx/esm/api");
    const { tsImport } = (await import(pathToFileURL(api).href)) as {
      tsImport: (file: string, parent: string) => Promise<Record<string, unknown>>;
    };
    return await tsImport(pathToFileURL(file).href, pathToFileURL(file).href);
  } catch {
    return undefined;
  }
}
