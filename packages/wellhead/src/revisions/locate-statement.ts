import { SqlSyntaxError } from "./errors.ts";
import { lineOf } from "./lines.ts";
import { positionToOffset } from "./postgres-parser.ts";
import type { SqlScript } from "./sql-sections.ts";
import { statementsOf, type SqlStatement } from "./split-statements.ts";
import { scanSql } from "./sql-scanner.ts";

/** A statement in its file. */
export interface LocatedStatement {
  /** The line of the file on which it begins; of a syntax error, the line that Postgres points at. */
  readonly line: number;
  readonly text: string;
}

/**
 * Finds the statement at which Postgres stopped.
 *
 * @param statementsDone - how many statements of the script had been done
 * @param position - the character that Postgres points at, counted from 1 from the beginning of the script
 * @returns undefined when it stopped behind the end of the script
 */
export async function locateStatement(
  script: SqlScript,
  statementsDone: number,
  position?: number,
): Promise<LocatedStatement | undefined> {
  try {
    const statements = await statementsOf(script);
    return statements[statementsDone] ?? statementAt(statements, script.text, position);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    const found = locateSyntaxError(script, position ?? error.position);
    return script.isWrittenElsewhere === true ? { ...found, line: script.line } : found;
  }
}

function statementAt(
  statements: readonly SqlStatement[],
  text: string,
  position: number | undefined,
): SqlStatement | undefined {
  if (position === undefined) return undefined;
  const place = positionToOffset(text, position);
  return statements.find(({ offset, text }) => offset <= place && place < offset + text.length);
}

/** The script does not parse, so what stands between two semicolons has to do for its text. */
function locateSyntaxError({ text, line }: SqlScript, position: number): LocatedStatement {
  // "at end of input" points behind the last character: the last statement is meant.
  const offset = Math.min(positionToOffset(text, position), Math.max(0, text.trimEnd().length - 1));
  let [start, end] = [0, text.length];
  for (const token of scanSql(text)) {
    if (token.kind !== "semicolon") continue;
    if (token.start < offset) start = token.end;
    else {
      end = token.start;
      break;
    }
  }
  return { line: line + lineOf(text, offset) - 1, text: text.slice(start, end).trim() };
}
