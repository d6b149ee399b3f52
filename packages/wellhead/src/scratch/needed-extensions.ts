import { EMBEDDED_EXTENSIONS } from "../database/index.ts";
import { parsePostgres, SqlSyntaxError, type ParsedStatement } from "../revisions/index.ts";
import { MissingExtensionError } from "./errors.ts";

/** A piece of SQL, or a source that holds SQL, and where it stands. */
export interface ExtensionSource {
  readonly text: string;
  /** The line of the file on which the text begins, counted from 1. */
  readonly line: number;
  readonly path: string;
}

/**
 * The extensions that these scripts create, for the embedded Postgres to be started with. Statements inside DO blocks
 * and `.ts` revisions are found by their words: to start with one too many does no harm.
 *
 * @throws {MissingExtensionError} `E_SCRATCH_EXTENSION` for one that the embedded Postgres does not have
 */
export async function neededExtensions(sources: Iterable<ExtensionSource>): Promise<readonly string[]> {
  const needed = new Set<string>();
  for (const source of sources) {
    if (!anywhere.test(source.text)) continue;
    for (const name of namedIn(source.text)) if (EMBEDDED_EXTENSIONS.includes(name)) needed.add(name);
    for (const { start, tree } of await statementsOf(source.text)) {
      if (!("CreateExtensionStmt" in tree)) continue;
      const name = tree.CreateExtensionStmt.extname ?? "";
      if (name === "plpgsql") continue;
      if (!EMBEDDED_EXTENSIONS.includes(name)) throw new MissingExtensionError(name, placeOf(source, start));
      needed.add(name);
    }
  }
  return [...needed];
}

const anywhere = /\bcreate\s+extension\b/iu;

function namedIn(text: string): readonly string[] {
  const named = text.matchAll(/\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/giu);
  return [...named].map(([, name = ""]) => name.toLowerCase());
}

/** None of a text that is no SQL: Postgres will say what is wrong with it. */
async function statementsOf(text: string): Promise<readonly ParsedStatement[]> {
  try {
    return await parsePostgres(text);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}

function placeOf({ text, line, path }: ExtensionSource, start: number): { path: string; line: number } {
  // The statement begins with the comments above it.
  const at = start + Math.max(0, text.slice(start).search(anywhere));
  return { path, line: line + text.slice(0, at).split("\n").length - 1 };
}
