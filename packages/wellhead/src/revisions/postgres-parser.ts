// The parser of Postgres itself, as WebAssembly. It is loaded on first use only: most commands need none.

import type * as LibpgQuery from "libpg-query";
import type { Node } from "libpg-query";
import { SqlSyntaxError } from "./errors.ts";
import { lineOf } from "./lines.ts";

/** A statement as Postgres' parser gives it. Offsets are UTF-16 units; comments before the statement are inside. */
export interface ParsedStatement {
  readonly start: number;
  readonly end: number;
  readonly tree: Node;
}

/**
 * Parses a script. Empty statements are left out, as Postgres leaves them out.
 *
 * @throws SqlSyntaxError E_SQL_SYNTAX, with the line counted from `firstLine`
 */
export async function parsePostgres(
  text: string,
  firstLine = 1,
  path?: string,
): Promise<readonly ParsedStatement[]> {
  if (text.trim() === "") return [];
  const { parseSync } = await (parser ??= loadParser());
  const toOffset = byteToOffset(text);
  const parsed = orSyntaxError(text, () => parseSync(text), firstLine, path);
  return parsed.flatMap(({ stmt, stmt_location = 0, stmt_len = 0 }) => {
    if (stmt === undefined) return [];
    // A length of 0 means to the end.
    const start = toOffset(stmt_location);
    return [{ start, end: stmt_len === 0 ? text.length : toOffset(stmt_location + stmt_len), tree: stmt }];
  });
}

let parser: Promise<typeof LibpgQuery> | undefined;

/**
 * As for the embedded Postgres V8 keeps to its baseline compiler: the grammar is one function, and a few hundred scripts
 * are read long before it would be optimised, in the background and with 400 MB.
 */
async function loadParser(): Promise<typeof LibpgQuery> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  const module = await import("libpg-query");
  await module.loadModule();
  return module;
}

/** The offset in the text of a character that Postgres counts, from 1, in whole characters. */
export function positionToOffset(text: string, position: number): number {
  let offset = 0;
  for (let left = position; left > 1 && offset < text.length; left -= 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The parser counts bytes of UTF-8. The function it gives must be asked in rising order. */
function byteToOffset(text: string): (byte: number) => number {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return (byte) => byte;
  let [lastByte, lastOffset] = [0, 0];
  return (byte) => {
    lastOffset += bytes.toString("utf8", lastByte, byte).length;
    lastByte = byte;
    return lastOffset;
  };
}

interface RawStatement {
  readonly stmt?: Node;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function orSyntaxError(
  text: string,
  parse: () => { readonly stmts?: readonly RawStatement[] },
  firstLine: number,
  path: string | undefined,
): readonly RawStatement[] {
  try {
    return parse().stmts ?? [];
  } catch (error) {
    const cursor = cursorPosition(error);
    if (cursor === undefined || !(error instanceof Error)) throw error;
    const position = cursor + 1;
    const line = firstLine + lineOf(text, positionToOffset(text, position)) - 1;
    throw new SqlSyntaxError(error.message, { position, line, path }, error);
  }
}

/** Counted from 0, in characters. Its error class cannot be told by `instanceof`: it may be loaded twice. */
function cursorPosition(error: unknown): number | undefined {
  const details =
    typeof error === "object" && error !== null && "sqlDetails" in error ? error.sqlDetails : undefined;
  return typeof details === "object" &&
    details !== null &&
    "cursorPosition" in details &&
    typeof details.cursorPosition === "number"
    ? Math.max(0, details.cursorPosition)
    : undefined;
}
