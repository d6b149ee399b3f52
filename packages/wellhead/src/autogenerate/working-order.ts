import { StatementError, type Session } from "../database/index.ts";

/** A statement of a generated revision. */
export interface GeneratedStatement {
  readonly sql: string;
  readonly losesData: boolean;
  /** What does the same where there is no cast that the statement asks for. */
  readonly otherwise?: string;
  /** What a person has to write before it, when it cannot run on the rows that are there: lines of a comment. */
  readonly todo?: readonly string[];
}

/** What came of running statements: their order, and the one that stopped it. */
export interface TriedStatements<T> {
  readonly order: readonly T[];
  readonly failed?: { readonly statement: T; readonly left: readonly T[]; readonly error: StatementError };
}

/**
 * Runs statements in the transaction that is open. One that fails because of something that a later one makes is put
 * off until that is there. One that fails because of rows is not: the same rows are there later.
 */
export async function runInWorkingOrder<T extends Pick<GeneratedStatement, "sql" | "otherwise">>(
  session: Session,
  statements: readonly T[],
): Promise<TriedStatements<T>> {
  const order: T[] = [];
  let left = [...statements];
  while (left.length > 0) {
    const putOff: T[] = [];
    let firstError: StatementError | undefined;
    for (const [index, statement] of left.entries()) {
      const error = await attempt(session, statement.sql);
      if (error === undefined) {
        order.push(statement);
        continue;
      }
      const { otherwise } = statement;
      if (error.sqlState === CANNOT_COERCE && otherwise !== undefined) {
        if ((await attempt(session, otherwise)) === undefined) {
          order.push({ ...statement, sql: otherwise });
          continue;
        }
      }
      if (isAboutRows(error)) return { order, failed: { statement, left: left.slice(index), error } };
      firstError ??= error;
      putOff.push(statement);
    }
    const [first] = putOff;
    if (first === undefined || firstError === undefined) break;
    if (putOff.length === left.length)
      return { order, failed: { statement: first, left: putOff, error: firstError } };
    left = putOff;
  }
  return { order };
}

async function attempt(session: Session, sql: string): Promise<StatementError | undefined> {
  await session.run("SAVEPOINT wellhead_try");
  try {
    await session.run(sql);
    await session.run("RELEASE SAVEPOINT wellhead_try");
    return undefined;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT wellhead_try; RELEASE SAVEPOINT wellhead_try");
    return error;
  }
}

const CANNOT_COERCE = "42846";

/** A number that the statement itself has, such as the limit of a sequence that does not fit its type yet. */
const INVALID_PARAMETER_VALUE = "22023";

/** Data exceptions and violated constraints: classes 22 and 23. */
export function isAboutRows({ sqlState }: StatementError): boolean {
  return (sqlState.startsWith("22") && sqlState !== INVALID_PARAMETER_VALUE) || sqlState.startsWith("23");
}
