// What a revision's script must not hold. Most scripts hold nothing that even looks like it, and pay for a regular
// expression.

import { RevisionScriptError, SqlSyntaxError, type ScriptPlace } from "./errors.ts";
import { lineOf } from "./lines.ts";
import { parsePostgres, type ParsedStatement } from "./postgres-parser.ts";
import type { RevisionFile } from "./revision-file.ts";
import type { SqlScript } from "./sql-sections.ts";
import { scanSql } from "./sql-scanner.ts";

/**
 * Refuses a script that cannot run as one message in a transaction of ours: transaction control, `COPY` from or to
 * the client, meta commands of psql. The same words in strings, in function bodies and in comments are no offence;
 * Postgres' own parser is the judge. A script that it cannot read is passed on for the server to refuse.
 *
 * @throws RevisionScriptError E_REVISION_TRANSACTION_CONTROL, E_REVISION_COPY, E_REVISION_META_COMMAND
 */
export async function checkScript(
  script: SqlScript,
  file: Pick<RevisionFile, "path"> & Partial<Pick<RevisionFile, "transaction">>,
): Promise<void> {
  for (const { offset, text, isMetaCommand } of suspects(script.text)) {
    const place = { path: file.path, line: script.line + lineOf(script.text, offset) - 1, statement: text };
    if (isMetaCommand) throw metaCommand(place);
    await checkStatement(text, place, file.transaction === "none");
  }
}

/**
 * Refuses SQL that a `.ts` revision wants to run when it would end the revision's transaction or needs psql.
 *
 * @throws the errors of `checkScript`, without a line
 */
export async function refuseTransactionControl(sql: string, file: Pick<RevisionFile, "path">): Promise<void> {
  for (const { text, isMetaCommand } of suspects(sql)) {
    const place = { path: file.path, line: undefined, statement: text };
    if (isMetaCommand) throw metaCommand(place);
    await checkStatement(text, place);
  }
}

const firstWords = "begin start commit end rollback abort savepoint release prepare copy".split(" ");
const anySign = new RegExp(String.raw`\\|\b(?:${firstWords.join("|")})\b`, "iu");

interface Suspect {
  readonly offset: number;
  readonly text: string;
  readonly isMetaCommand: boolean;
}

/** The statements that begin with a suspicious word, and the backslashes that stand in code, in their order. */
function* suspects(text: string): Generator<Suspect> {
  if (!anySign.test(text)) return;
  let isFirst = true;
  let start: number | undefined;
  const upTo = (end: number): Suspect[] =>
    start === undefined ? [] : [{ offset: start, text: text.slice(start, end), isMetaCommand: false }];
  for (const token of scanSql(text)) {
    if (token.kind === "line-comment") continue;
    if (token.kind === "backslash") {
      yield* upTo(token.start);
      const command = /^\\[^\n\r]*/u.exec(text.slice(token.start))?.[0] ?? "\\";
      yield { offset: token.start, text: command.trimEnd(), isMetaCommand: true };
      return;
    }
    if (token.kind === "semicolon") {
      yield* upTo(token.start);
      start = undefined;
      isFirst = true;
      continue;
    }
    if (isFirst && firstWords.includes(text.slice(token.start, token.end).toLowerCase())) start = token.start;
    isFirst = false;
  }
  yield* upTo(text.length);
}

async function checkStatement(sql: string, place: ScriptPlace, isOutside = false): Promise<void> {
  for (const { tree } of await parseOrNothing(sql)) {
    if ("TransactionStmt" in tree) throw isOutside ? controlOutside(place) : transactionControl(place);
    if ("CopyStmt" in tree && tree.CopyStmt.filename === undefined) {
      throw copyFromClient(place, tree.CopyStmt.is_from === true);
    }
  }
}

async function parseOrNothing(sql: string): Promise<readonly ParsedStatement[]> {
  try {
    return await parsePostgres(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}

function transactionControl(place: ScriptPlace): RevisionScriptError {
  return new RevisionScriptError(
    "transactionControl",
    place,
    `\`${shortened(place.statement)}\` would interfere with the transaction that the revision runs in.`,
    "take it away: Wellhead begins the transaction, and commits it together with the version row; statements that " +
      "cannot run in a transaction go into a revision of their own with `transaction: none` in its head",
  );
}

function controlOutside(place: ScriptPlace): RevisionScriptError {
  return new RevisionScriptError(
    "transactionControl",
    place,
    `\`${shortened(place.statement)}\` would interfere with the count of statements: with \`transaction: none\` each runs, and is recorded, by itself.`,
    "take it away; statements that belong into one transaction go into a revision without `transaction: none`",
  );
}

function copyFromClient(place: ScriptPlace, isFrom: boolean): RevisionScriptError {
  return new RevisionScriptError(
    "copyFromClient",
    place,
    `\`${shortened(place.statement)}\` ${isFrom ? "reads rows from" : "writes rows to"} the client, as only psql can.`,
    isFrom
      ? "write the rows as INSERT (`pg_dump --inserts` does), or insert them in a .ts revision"
      : "read the rows with a SELECT in a .ts revision",
  );
}

function metaCommand(place: ScriptPlace): RevisionScriptError {
  return new RevisionScriptError(
    "metaCommand",
    place,
    `\`${shortened(place.statement)}\` is a command of psql, not SQL.`,
    "take the line away, or write SQL that does the same (instead of `\\i file` the statements of that file)",
  );
}

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/gu, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
