import { isNativeError } from "node:util/types";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RevisionModuleError } from "./errors.ts";
import { shownPath } from "./folder-entries.ts";
import { readText } from "./read-text.ts";
import type { RevisionDatabase } from "./revision-database.ts";
import type { RevisionFile, RevisionModule } from "./revision-file.ts";

/**
 * Loads a `.ts` revision as Node runs TypeScript: the types are stripped, nothing is compiled. Its top level runs.
 *
 * @throws RevisionModuleError E_REVISION_MODULE, with the line where Node tells it, for TypeScript that cannot be
 * stripped, an import that is not found, an error at the top level, and exports that are not the two functions
 * @see https://nodejs.org/api/typescript.html
 */
export async function loadModuleRevision(
  file: Pick<RevisionFile, "file" | "path" | "inMemory">,
): Promise<RevisionModule> {
  const { upgrade, downgrade } = file.inMemory === undefined ? await importFile(file) : moduleOf(file);
  if (!isWork(upgrade)) throw wrongExport("upgrade", upgrade, file.path);
  if (downgrade === undefined) return { upgrade };
  if (!isWork(downgrade)) throw wrongExport("downgrade", downgrade, file.path);
  return { upgrade, downgrade };
}

async function importFile(
  file: Pick<RevisionFile, "file" | "path">,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file.file).href);
  } catch (error) {
    throw inWords(error, file);
  }
}

/** The exports of a static revision, as unknown as those of a file: whoever wrote the list may have written anything. */
function moduleOf({ path, inMemory }: Pick<RevisionFile, "path" | "inMemory">): {
  readonly upgrade?: unknown;
  readonly downgrade?: unknown;
} {
  if (inMemory?.module !== undefined) return inMemory.module;
  throw new RevisionModuleError(
    { path, line: undefined },
    "It is in a static list without its module.",
    "write the list with `wellhead bundle`, or add `module: await import(…)` to its entry",
  );
}

type Work = (db: RevisionDatabase) => Promise<void>;

function isWork(value: unknown): value is Work {
  return typeof value === "function";
}

function wrongExport(name: string, value: unknown, path: string): RevisionModuleError {
  return new RevisionModuleError(
    { path, line: undefined },
    value === undefined
      ? `The module exports no function \`${name}\`.`
      : `Its export \`${name}\` is no function.`,
    `write \`export async function ${name}(db: RevisionDatabase): Promise<void> { … }\``,
  );
}

type Told = readonly [message: string, hint: string];

function inWords(error: unknown, file: Pick<RevisionFile, "file" | "path">): RevisionModuleError {
  // A module that is loaded in another realm (a test runner's) has errors of that realm.
  if (!isNativeError(error)) {
    return new RevisionModuleError(
      { path: file.path, line: undefined },
      `Its top level threw ${String(error)}.`,
      topLevelHint,
      error,
    );
  }
  const place = placeOf(error, file);
  const [message, hint] = tell(error);
  return new RevisionModuleError(place, message, hint, error);
}

const topLevelHint =
  "let the top level of a revision only import and declare; what it does belongs into `upgrade`";

function tell(error: Error): Told {
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const known = code === undefined ? undefined : nodeErrors[code]?.(error);
  if (known !== undefined) return known;
  const [, name] = /does not provide an export named '([^']+)'/u.exec(error.message) ?? [];
  if (name !== undefined) {
    return [`It imports \`${name}\`, which is not there.`, "a type is imported with `import type { … }`"];
  }
  if (/Unexpected token 'export'|outside a module/u.test(error.message)) {
    return [
      "Node takes it for a CommonJS module.",
      'say `"type": "module"` in the package.json above it, or put a package.json with it into the migrations folder',
    ];
  }
  if (error instanceof SyntaxError || error.name === "SyntaxError") {
    return [`It cannot be read: ${error.message}.`, "correct the TypeScript"];
  }
  return [`Its top level failed: ${error.message}`, topLevelHint];
}

/** The four errors of Node about `.ts` files and imports, and the one about TypeScript that is none. */
const nodeErrors: Readonly<Record<string, (error: Error) => Told>> = {
  ERR_UNKNOWN_FILE_EXTENSION: () => [
    "This Node does not run TypeScript.",
    "use Node 22.18 or newer, and do not start it with `--no-strip-types`; or write the revision as .sql",
  ],
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: (error) => [
    `Node strips the types and compiles nothing: ${error.message}.`,
    "write it without `enum`, `namespace`, parameter properties and `import x = require(…)`",
  ],
  ERR_INVALID_TYPESCRIPT_SYNTAX: (error) => [
    `It cannot be read: ${error.message}.`,
    "correct the TypeScript",
  ],
  ERR_MODULE_NOT_FOUND: (error) => {
    const missing = /'([^']+)'/u.exec(error.message)?.[1] ?? "a module";
    return [
      `It imports ${shownPath(missing, process.cwd())}, which is not there.`,
      missing.startsWith("/") || missing.includes("\\")
        ? "write the import with the file's ending (`./helper.ts`), relative to the revision"
        : `install it (\`npm install ${missing}\`), or take the import away`,
    ];
  },
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: () => [
    "Node does not run TypeScript below a node_modules folder.",
    "keep the migrations folder outside node_modules, or ship the revisions as .sql or in a bundle (`wellhead bundle`)",
  ],
};

interface ModulePlace {
  readonly path: string;
  readonly line: number | undefined;
}

/**
 * The file and line that the error is about, which can be those of a file that the revision imports. Node writes a
 * syntax error's place at the head of the stack, and names the file of an import in the message.
 */
function placeOf(error: Error, file: Pick<RevisionFile, "file" | "path">): ModulePlace {
  const shown = (found: string): string =>
    found === file.file ? file.path : shownPath(found, process.cwd());
  const [first = "", ...frames] = (error.stack ?? "").split("\n");
  const [, source, line] = /^\s*(\/.+|[A-Za-z]:\\.+|file:\/\/.+):(\d+)$/u.exec(first) ?? [];
  if (source !== undefined) {
    return { path: shown(source.startsWith("file:") ? fileURLToPath(source) : source), line: Number(line) };
  }
  const [, missing, importer] = /'([^']+)' imported from (.+)$/u.exec(error.message) ?? [];
  if (importer !== undefined && missing !== undefined) {
    return { path: shown(importer), line: lineOfImport(importer, missing) };
  }
  const own = frames.find((frame) => frame.includes(pathToFileURL(file.file).href));
  const ownLine = own === undefined ? undefined : /:(\d+):\d+\)?$/u.exec(own)?.[1];
  return { path: file.path, line: ownLine === undefined ? undefined : Number(ownLine) };
}

/** The line that imports a module, as far as it can be found by the last part of its name. */
function lineOfImport(importer: string, missing: string): number | undefined {
  const name = missing.split(/[/\\]/u).at(-1) ?? missing;
  const lines = readText(importer, importer).split(/\r\n|\n|\r/u);
  const index = lines.findIndex((line) => /\b(?:import|from)\b/u.test(line) && line.includes(name));
  return index === -1 ? undefined : index + 1;
}
