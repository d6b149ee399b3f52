import type { ExplainedStatement, PendingRehearsal, RehearsedRevision, TakenLock } from "../prove/index.ts";
import { compareLockModes, lockModeWords } from "../revisions/index.ts";
import type { Output } from "./output.ts";
import { firstLine, plural } from "./words.ts";

type Style = Output["style"];

/** What `explain` says to people. */
export function explainText(
  statements: readonly ExplainedStatement[],
  rehearsal: PendingRehearsal | undefined,
  { style }: Output,
): string[] {
  if (rehearsal === undefined) return ["nothing is pending"];
  return [
    ...rehearsal.revisions.flatMap((revision) => revisionLines(revision, statements, style)),
    ...summary(statements, rehearsal, style),
  ];
}

function revisionLines(
  { step, outcome }: RehearsedRevision,
  all: readonly ExplainedStatement[],
  style: Style,
): string[] {
  const { revision, message, path } = step.info;
  const statements = all.filter((each) => each.revision === revision);
  const width = Math.max(1, ...statements.map(({ line }) => String(line ?? "").length));
  return [
    `${style("bold", revision)}${message === "" ? "" : `  ${firstLine(message)}`}  ${style("dim", path)}`,
    ...statements.flatMap((statement) => statementLines(statement, width, style)),
    ...outcomeLines(outcome, statements.length),
    "",
  ];
}

function outcomeLines(outcome: RehearsedRevision["outcome"], count: number): string[] {
  switch (outcome.kind) {
    case "done":
      return count === 0 ? ["  no statement"] : [];
    case "failed":
      return [`  ${whatFollows(outcome.onRowsOnly)}`];
    case "not-tried":
      return [`  not tried: it builds on ${outcome.after}, which is not there`];
    case "unseen":
      return [`  not seen: ${outcome.reason.message}`];
    default:
      return outcome satisfies never;
  }
}

function whatFollows(onRowsOnly: boolean): string {
  return onRowsOnly
    ? "the statement that fails was measured on empty tables, those after it as if it had worked"
    : "statements after the failing one are explained as far as they run without it";
}

function statementLines(statement: ExplainedStatement, width: number, style: Style): string[] {
  const { line, sql, locks, rewrites, scans, dataLoss, fails, advice } = statement;
  const pad = " ".repeat(width + 4);
  const fact = (name: string, text: string): string => `${pad}${name.padEnd(8)}  ${text}`;
  const names = Math.max(0, ...locks.map(({ relation }) => relation.length));
  const modes = Math.max(0, ...locks.map(({ mode }) => lockModeWords(mode).length));
  return [
    `  ${String(line ?? "").padStart(width)}  ${oneLine(sql)}`,
    ...locks.map((lock, index) => fact(index === 0 ? "locks" : "", lockText(lock, names, modes, style))),
    ...(rewrites.length > 0 ? [fact("rewrites", rewrites.join(", "))] : []),
    ...(scans.length > 0 ? [fact("scans", scans.join(", "))] : []),
    ...(dataLoss ? [fact("loses", style("red", "data"))] : []),
    ...(fails === undefined ? [] : [fact("fails", style("red", `${fails.message} (${fails.code})`))]),
    ...(advice === undefined ? [] : [fact("better", advice)]),
  ];
}

function lockText({ relation, mode, blocks }: TakenLock, names: number, modes: number, style: Style): string {
  const blocked = blocks.length === 0 ? "" : `blocks ${blocks.join(" and ")}`;
  const words = `${relation.padEnd(names)}  ${lockModeWords(mode).padEnd(modes)}  `;
  return `${words}${blocks.includes("reads") ? style("red", blocked) : blocked}`.trimEnd();
}

function oneLine(sql: string): string {
  const line = sql.replaceAll(/\s+/gu, " ").trim() || "(the revision's own code)";
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function summary(
  statements: readonly ExplainedStatement[],
  { revisions, unfilled, engine, version }: PendingRehearsal,
  style: Style,
): string[] {
  const fails = statements.filter((each) => each.fails !== undefined).length;
  const loses = statements.filter(({ dataLoss }) => dataLoss).length;
  const counts = [
    `${plural(statements.length, "statement")} in ${plural(revisions.length, "revision")}`,
    strongestLock(statements),
    ...(loses > 0 ? [`${loses} ${loses === 1 ? "loses" : "lose"} data`] : []),
    ...(fails > 0 ? [style("red", `${fails} ${fails === 1 ? "fails" : "fail"}`)] : []),
  ];
  return [
    ...unfilled.map(
      ({ table, reason }) => `${table} has no rows here (${reason}): what fails on rows of it is not seen`,
    ),
    `${counts.join("; ")} (measured on ${engine === "pglite" ? "the embedded Postgres" : "Postgres"} ${version})`,
  ];
}

function strongestLock(statements: readonly ExplainedStatement[]): string {
  let strongest: { readonly lock: TakenLock; readonly statement: ExplainedStatement } | undefined;
  for (const statement of statements) {
    for (const lock of statement.locks) {
      if (strongest === undefined || compareLockModes(lock.mode, strongest.lock.mode) > 0)
        strongest = { lock, statement };
    }
  }
  if (strongest === undefined) return "no lock on what is there already";
  const { lock, statement } = strongest;
  const place = statement.line === undefined ? statement.path : `${statement.path}:${statement.line}`;
  return `strongest lock: ${lockModeWords(lock.mode)} on ${lock.relation} (${place})`;
}
