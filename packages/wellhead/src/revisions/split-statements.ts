import type { Node } from "libpg-query";
import { parsePostgres } from "./postgres-parser.ts";
import type { SqlScript } from "./sql-sections.ts";
import { scanSql } from "./sql-scanner.ts";

/** One statement of a script. */
export interface SqlStatement {
  /** Without its semicolon and without the comments around it: `script.slice(offset, offset + text.length)`. */
  readonly text: string;
  /** In UTF-16 units from the beginning of the script. */
  readonly offset: number;
  /** The line on which it begins. */
  readonly line: number;
  /** As Postgres' parser sees it. */
  readonly tree: Node;
}

/**
 * The statements of a script, by the parser of Postgres: between them stand only blanks, comments and semicolons.
 *
 * @param firstLine - the number of the script's first line, when it is a part of a file. Default: 1
 * @param path - the file, as shown to people, for the error
 * @throws SqlSyntaxError E_SQL_SYNTAX with the line, counted like those of the statements
 */
export async function splitStatements(
  script: string,
  firstLine = 1,
  path?: string,
): Promise<readonly SqlStatement[]> {
  const lineAt = risingLines(script, firstLine);
  return (await parsePostgres(script, firstLine, path)).map(({ start, end, tree }) => {
    const [offset, textEnd] = withoutComments(script, start, end);
    return { text: script.slice(offset, textEnd), offset, line: lineAt(offset), tree };
  });
}

/**
 * The statements of a piece of a revision file, each with the line it stands on there.
 *
 * @throws SqlSyntaxError E_SQL_SYNTAX
 */
export async function statementsOf(script: SqlScript, path?: string): Promise<readonly SqlStatement[]> {
  const statements = await splitStatements(script.text, script.line, path);
  return script.isWrittenElsewhere === true
    ? statements.map((statement) => ({ ...statement, line: script.line }))
    : statements;
}

function withoutComments(script: string, start: number, end: number): readonly [start: number, end: number] {
  let first: number | undefined;
  let last = start;
  for (const token of scanSql(script.slice(start, end))) {
    if (token.kind === "line-comment") continue;
    first ??= start + token.start;
    last = start + token.end;
  }
  return [first ?? start, last];
}

/** Line numbers of offsets that are asked for in rising order. */
function risingLines(text: string, firstLine: number): (offset: number) => number {
  let [line, from] = [firstLine, 0];
  return (offset) => {
    line += text.slice(from, offset).split(/\r\n|\n|\r/u).length - 1;
    from = offset;
    return line;
  };
}
