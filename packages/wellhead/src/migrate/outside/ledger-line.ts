import { hostname } from "node:os";
import { StatementError, type Session } from "../../database/index.ts";
import { sha256, startSha256, upgradeChecksum, type SqlStatement } from "../../revisions/index.ts";
import { WELLHEAD_VERSION } from "../../version.ts";
import { LEDGER_TABLE } from "../ledger.ts";
import type { PreparedStep } from "../prepared-step.ts";
import { LEAVE_NOTHING, type StepPlace } from "../step.ts";
import { qualified, quoteLiteral, versionRowChanges, versionRowStatement } from "../version-table.ts";
import { ResumeMismatchError } from "./errors.ts";
import { behindNext } from "./setting.ts";

/**
 * The line of the ledger that a `transaction: none` revision works by. While it is unfinished it counts the
 * statements that are done, and its checksum is that of the statements which are done or begun: of one more when a
 * statement is about to be sent alone.
 */
export interface LedgerLine {
  /** As text: it is a bigint. */
  readonly id: string;
  readonly ledger: string;
  readonly statements: readonly SqlStatement[];
  /** How many were done when the line was opened. */
  readonly statementsDone: number;
  /** An earlier run was about to send the next statement alone, and did not live to count it. */
  readonly isNextBegun: boolean;
}

/** The unfinished line of an earlier run, when there is one, else a new one. */
export async function openLine(
  session: Session,
  { info }: PreparedStep,
  statements: readonly SqlStatement[],
  place: StepPlace,
): Promise<LedgerLine> {
  const ledger = qualified(place.state.schema, LEDGER_TABLE);
  const { revision, direction } = info;
  const [left] = await session.query<{ id: string; statements_done: number; checksum: string | null }>(
    `SELECT id::text, statements_done, checksum FROM ${ledger}
     WHERE revision = $1 AND direction = $2 AND finished_at IS NULL
       AND id = (SELECT max(id) FROM ${ledger} WHERE revision = $1)`,
    [revision, direction],
  );
  if (left !== undefined) {
    const { id, statements_done: statementsDone, checksum } = left;
    const isNextBegun = checksum !== checksumOf(statements, statementsDone);
    if (isNextBegun && checksum !== checksumOf(statements, behindNext(statements, statementsDone))) {
      throw new ResumeMismatchError(info, statementsDone);
    }
    return { id, ledger, statements, statementsDone, isNextBegun };
  }
  const [row] = await session.query<{ id: string }>(
    `INSERT INTO ${ledger} (revision, direction, checksum, statements_done, started_at, applied_by, wellhead_version)
     VALUES ($1, $2, $3, 0, clock_timestamp(), $4, $5) RETURNING id::text`,
    [
      revision,
      direction,
      checksumOf(statements, 0),
      `${place.applicationName}@${hostname()}`,
      WELLHEAD_VERSION,
    ],
  );
  return { id: row?.id ?? "", ledger, statements, statementsDone: 0, isNextBegun: false };
}

/** SQL that counts the statements up to `done`. */
export function countStatement(line: LedgerLine, counted: number, done: number): string {
  return change(line, counted, `statements_done = ${done}, checksum = ${checksumLiteral(line, done)}`);
}

/** SQL that records, before the next statement is sent alone, that it was; or, after it has failed, that it was not. */
export function recordBegun(line: LedgerLine, counted: number, next: { readonly isBegun: boolean }): string {
  const upTo = next.isBegun ? behindNext(line.statements, counted) : counted;
  return change(line, counted, `checksum = ${checksumLiteral(line, upTo)}`);
}

/** What a person runs who has looked: SQL that counts the statement that was begun, or that lets it be sent again. */
export function waysOn(
  { id, ledger, statements }: LedgerLine,
  counted: number,
): { readonly ifDone: string; readonly ifNotDone: string } {
  const done = behindNext(statements, counted);
  return {
    ifDone: `UPDATE ${ledger} SET statements_done = ${done} WHERE id = ${id}`,
    ifNotDone: `UPDATE ${ledger} SET checksum = '${checksumOf(statements, counted)}' WHERE id = ${id}`,
  };
}

/** SQL that ends the line and changes the version rows. */
export function finishLine(
  line: LedgerLine,
  counted: number,
  { info, file }: PreparedStep,
  versionsBefore: readonly string[],
  { state }: StepPlace,
): string {
  const checksum = info.direction === "upgrade" ? quoteLiteral(upgradeChecksum(file)) : "NULL";
  const all = line.statements.length;
  return [
    change(
      line,
      counted,
      `statements_done = ${all}, checksum = ${checksum}, finished_at = clock_timestamp()`,
    ),
    ...versionRowChanges(versionsBefore, info.versionsAfter).map((row) =>
      versionRowStatement(qualified(state.schema, state.versionTable), row),
    ),
    LEAVE_NOTHING,
  ].join(";\n");
}

const NOT_OURS = "wellhead: another run has taken this line of the ledger";

/**
 * Changes the line, and fails when it is no longer where this run left it. In the message of a statement this comes
 * first: whoever else is about to run the same statement waits for the row, and then fails instead of doing it twice.
 */
function change({ id, ledger }: LedgerLine, counted: number, assignments: string): string {
  return `WITH line AS (UPDATE ${ledger} SET ${assignments}
  WHERE id = ${id} AND statements_done = ${counted} AND finished_at IS NULL RETURNING 1)
SELECT (CASE count(*) WHEN 1 THEN '1' ELSE ${quoteLiteral(NOT_OURS)} END)::integer FROM line`;
}

/** Whether a statement failed because another run had gone on with the revision. */
export function isTakenOver(error: unknown): error is StatementError {
  return error instanceof StatementError && error.reason.includes(NOT_OURS);
}

function checksumLiteral({ statements }: LedgerLine, count: number): string {
  return quoteLiteral(checksumOf(statements, count));
}

/** Of each revision the checksums of its first none, one, two … statements: to hash all texts for each would take the square of the time. */
const known = new WeakMap<readonly SqlStatement[], readonly string[]>();

/** The checksum of a line of which nothing is done or begun. */
export const NOTHING_DONE: string = checksumOf([], 0);

function checksumOf(statements: readonly SqlStatement[], count: number): string {
  const checksums = known.get(statements) ?? checksumsOf(statements);
  known.set(statements, checksums);
  return checksums[count] ?? "";
}

function checksumsOf(statements: readonly SqlStatement[]): readonly string[] {
  const hash = startSha256();
  const texts = statements.map(({ text }) => text.replaceAll(/\s+/g, " "));
  return [
    sha256(""),
    ...texts.map((text, index) => {
      hash.update(index === 0 ? text : `;\n${text}`);
      return hash.copy().digest("hex");
    }),
  ];
}
