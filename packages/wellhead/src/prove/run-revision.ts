import { StatementError, type Row, type Session } from "../database/index.ts";
import { deferAgain, withRevisionDatabase } from "../migrate/index.ts";
import { locateStatement } from "../revisions/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import { callPlace } from "./call-place.ts";
import { mayAddEnumValues, settleEnumValues } from "./enum-values.ts";
import type { ProofRevision, ProofStatement } from "./proof-revision.ts";

/** What kept a revision from running, as `prove --json` prints it. */
export interface RevisionFailure {
  readonly revision: string;
  readonly path: string;
  /** The line of the statement in the file; undefined where it is not known. */
  readonly line: number | undefined;
  readonly statement: string | undefined;
  /** SQLSTATE, or the code of our own refusal. */
  readonly code: string;
  readonly message: string;
}

/** A revision did not run. Inside the proofs only: outside it is told as a {@link RevisionFailure}. */
export class RevisionFailed extends Error {
  readonly failure: RevisionFailure;
  /** The table that Postgres names, quoted where it needs it; undefined where it names none. */
  readonly table: string | undefined;

  constructor(failure: RevisionFailure, cause: unknown) {
    super(`${failure.path}: ${failure.message}`, { cause });
    this.failure = failure;
    this.table = cause instanceof StatementError ? tableOf(cause) : undefined;
  }
}

/** Told around each statement of a revision that is known as one; what it returns is awaited. */
export interface StatementObserver {
  readonly around: (statement: ProofStatement, run: () => Promise<void>) => Promise<void>;
}

/** How a revision is run. */
export interface RunRevisionOptions {
  readonly observer?: StatementObserver | undefined;
  /** Constraints may be deferred in what runs: then they are deferred again after each revision. Default true. */
  readonly mayDefer?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a revision in the transaction that is open on `session`, and leaves the session for the next one as a commit
 * and a new transaction would.
 *
 * @throws RevisionFailed
 */
export async function runRevision(
  session: Session,
  revision: ProofRevision,
  options: RunRevisionOptions = {},
): Promise<void> {
  await runBody(session, revision, options);
  await asTransactionEnd(session, revision, options.mayDefer ?? true);
}

/**
 * Runs a revision in a transaction of its own and commits it; a `transaction: none` revision statement by statement.
 *
 * @throws RevisionFailed
 */
export async function commitRevision(
  session: Session,
  revision: ProofRevision,
  options: RunRevisionOptions = {},
): Promise<void> {
  if (revision.file.transaction === "none") {
    await runBody(session, revision, options);
    await session.run(`${session.resetSettings};\nDISCARD TEMP`);
    return;
  }
  await session.run("BEGIN");
  try {
    await runBody(session, revision, options);
    await commit(session, revision);
  } catch (error) {
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function runBody(
  session: Session,
  revision: ProofRevision,
  { observer, signal }: RunRevisionOptions,
): Promise<void> {
  const { body, file } = revision;
  switch (body.kind) {
    case "statements":
      for (const statement of body.statements) {
        signal?.throwIfAborted();
        await runStatement(session, revision, statement, observer);
      }
      return;
    case "script":
      try {
        await session.run(body.script.text);
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        const place = await locateStatement(body.script, error.statementsDone, error.position);
        throw failed(revision, error, place?.line, place?.text);
      }
      return;
    case "module": {
      const watched = new WatchedSession(session);
      try {
        await withRevisionDatabase(watched, file, signal, body.work);
      } catch (error) {
        if (error instanceof WellheadError && !(error instanceof StatementError)) throw error;
        const statement = error instanceof StatementError ? watched.last : undefined;
        throw failed(revision, error, callPlace(file.file, error), statement);
      }
      return;
    }
    default:
      body satisfies never;
  }
}

async function runStatement(
  session: Session,
  revision: ProofRevision,
  statement: ProofStatement,
  observer: StatementObserver | undefined,
): Promise<void> {
  const run = async (): Promise<void> => await session.run(statement.script);
  try {
    await (observer === undefined ? run() : observer.around(statement, run));
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw failed(revision, error, statement.line, statement.text);
  }
}

/**
 * What a commit does beside keeping the changes: new values of enums can be used; deferred constraints are checked (a pending check makes an ALTER
 * TABLE of the same table fail, 55006) and are deferred again for the next one; temporary tables that go with the
 * transaction go. All temporary tables go: what one revision leaves in its session is nothing another may build on.
 */
async function asTransactionEnd(session: Session, revision: ProofRevision, mayDefer: boolean): Promise<void> {
  const steps = [
    session.resetSettings,
    "SET CONSTRAINTS ALL IMMEDIATE",
    ...(mayDefer ? [deferAgain] : []),
    "DISCARD TEMP",
  ];
  await atEnd(session, revision, steps.join(";\n"));
  if (mayAddEnumValues(revision)) await settleEnumValues(session);
}

async function commit(session: Session, revision: ProofRevision): Promise<void> {
  await atEnd(session, revision, `${session.resetSettings};\nCOMMIT;\nDISCARD TEMP`);
}

/** What fails here is what the revision put off. */
async function atEnd(session: Session, revision: ProofRevision, script: string): Promise<void> {
  try {
    await session.run(script);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw failed(revision, error, undefined, undefined);
  }
}

function failed(
  { revision, path }: ProofRevision,
  error: unknown,
  line: number | undefined,
  statement: string | undefined,
): RevisionFailed {
  const isRefusal = error instanceof StatementError;
  const code = isRefusal ? error.sqlState : "E_REVISION_FAILED";
  const message = isRefusal ? error.reason : error instanceof Error ? error.message : String(error);
  return new RevisionFailed({ revision, path, line, statement, code, message }, error);
}

function tableOf({ schema, table }: StatementError): string | undefined {
  if (table === undefined) return undefined;
  return [schema, table].flatMap((name) => (name === undefined ? [] : [quoted(name)])).join(".");
}

/** As `format('%I')` writes it, save for words that only need their quotes as keywords. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Remembers the last statement that went through it. */
class WatchedSession implements Session {
  last: string | undefined;
  readonly resetSettings: string;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.resetSettings = session.resetSettings;
  }

  async query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]> {
    this.last = sql;
    return await this.#session.query<R>(sql, parameters);
  }

  async queryArrays(sql: string, parameters?: readonly unknown[]): Promise<readonly (readonly unknown[])[]> {
    this.last = sql;
    return await this.#session.queryArrays(sql, parameters);
  }

  async run(script: string): Promise<void> {
    this.last = script;
    await this.#session.run(script);
  }

  async runAll<R extends Row = Row>(
    scripts: Iterable<string>,
    onDone: (index: number) => void,
    question?: string,
  ): Promise<readonly R[]> {
    return await this.#session.runAll<R>(scripts, onDone, question);
  }
}
