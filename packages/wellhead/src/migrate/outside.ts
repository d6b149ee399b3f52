import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { Database, Session } from "../database/index.ts";
import { StatementError } from "../database/index.ts";
import { upgradeChecksum, type SqlStatement } from "../revisions/index.ts";
import { WELLHEAD_VERSION } from "../version.ts";
import { finishIndex } from "./concurrent-index.ts";
import { MigrationFailedError, ResumeMismatchError } from "./errors.ts";
import { LEDGER_TABLE } from "./ledger.ts";
import type { MigrateEvent } from "./events.ts";
import type { MigrateOptions } from "./options.ts";
import { withRetries } from "./retry.ts";
import type { PreparedStep } from "./prepared-step.ts";
import type { StepPlace } from "./step.ts";
import { qualified, quoteLiteral, versionRowChanges, versionRowStatement } from "./version-table.ts";

/**
 * Runs a `transaction: none` revision, statement by statement, on a session of its own, while the caller's open
 * transaction holds the lock: it dies with us, works behind a pooler and, holding no snapshot, is nothing that
 * `CREATE INDEX CONCURRENTLY` waits for. The ledger counts the statements that are done, so that a run that was
 * killed goes on at the next one. Returns how long it took, in milliseconds.
 */
export async function runOutside(
  database: Database,
  step: PreparedStep,
  statements: readonly SqlStatement[],
  versionsBefore: readonly string[],
  place: StepPlace,
  { options, emit }: { readonly options: MigrateOptions; readonly emit: (event: MigrateEvent) => void },
): Promise<number> {
  const begun = performance.now();
  await database.withSession(async (session) => {
    const entry = await openEntry(session, step, statements, place);
    for (const [index, statement] of statements.entries()) {
      if (index < entry.statementsDone) continue;
      const done = recordStatement(place, entry.id, statements, index + 1);
      try {
        const wasTried = entry.isResumed && index === entry.statementsDone;
        const attempt = async () =>
          await runStatement(session, statement, `${place.settings};\n`, done, wasTried);
        await withRetries(options, emit, attempt, () => []);
      } catch (error) {
        throw outsideFailure(step, statement, index, error, place.versionsAtStart);
      } finally {
        await session.run("RESET ROLE; RESET ALL").catch(() => undefined);
      }
    }
    await session.run(closeEntry(step, entry.id, versionsBefore, place));
  });
  return performance.now() - begun;
}

interface Entry {
  /** The line of the ledger, as text: it is a bigint. */
  readonly id: string;
  readonly statementsDone: number;
  /** An earlier run began it and did not end it. */
  readonly isResumed: boolean;
}

/** The unfinished line of an earlier run, when there is one, else a new one. */
async function openEntry(
  session: Session,
  step: PreparedStep,
  statements: readonly SqlStatement[],
  place: StepPlace,
): Promise<Entry> {
  const ledger = qualified(place.state.schema, LEDGER_TABLE);
  const { revision, direction, path } = step.info;
  const [left] = await session.query<{ id: string; statements_done: number; checksum: string | null }>(
    `SELECT id::text, statements_done, checksum FROM ${ledger}
     WHERE revision = $1 AND direction = $2 AND finished_at IS NULL
       AND id = (SELECT max(id) FROM ${ledger} WHERE revision = $1)`,
    [revision, direction],
  );
  if (left !== undefined) {
    if (left.checksum !== prefixChecksum(statements, left.statements_done)) {
      throw new ResumeMismatchError(revision, path, left.statements_done);
    }
    return { id: left.id, statementsDone: left.statements_done, isResumed: true };
  }
  const [row] = await session.query<{ id: string }>(
    `INSERT INTO ${ledger} (revision, direction, checksum, statements_done, started_at, applied_by, wellhead_version)
     VALUES ($1, $2, $3, 0, clock_timestamp(), $4, $5) RETURNING id::text`,
    [
      revision,
      direction,
      prefixChecksum(statements, 0),
      `${place.applicationName}@${hostname()}`,
      WELLHEAD_VERSION,
    ],
  );
  return { id: row?.id ?? "", statementsDone: 0, isResumed: false };
}

/**
 * One statement and the count of it, as one transaction where Postgres lets the statement be in one. Where it does
 * not, the count follows; a kill between the two makes the next run meet the statement's work, which for an index is
 * looked at first.
 */
async function runStatement(
  session: Session,
  statement: SqlStatement,
  settings: string,
  done: string,
  wasTried: boolean,
): Promise<void> {
  if (await finishIndex(session, statement, wasTried)) return await session.run(done);
  try {
    await session.run(`${settings}${statement.text};\n${done}`);
  } catch (error) {
    if (!mustBeAlone(error)) throw error;
    // What cannot be in a transaction waits for others without standing in their way: it gets no lock timeout.
    await session.run(statement.text);
    await session.run(done);
  }
}

/** 25001: it cannot run inside a transaction block; 2D000: a procedure of its own that commits. */
function mustBeAlone(error: unknown): boolean {
  return error instanceof StatementError && ["25001", "2D000"].includes(error.sqlState);
}

function recordStatement(
  place: StepPlace,
  id: string,
  statements: readonly SqlStatement[],
  done: number,
): string {
  const ledger = qualified(place.state.schema, LEDGER_TABLE);
  return `UPDATE ${ledger} SET statements_done = ${done}, checksum = ${quoteLiteral(prefixChecksum(statements, done))} WHERE id = ${id}`;
}

/** While a revision is unfinished its line holds the checksum of what is done: only that must not change any more. */
function prefixChecksum(statements: readonly SqlStatement[], count: number): string {
  const texts = statements.slice(0, count).map((statement) => statement.text.replaceAll(/\s+/g, " "));
  return createHash("sha256").update(texts.join(";\n")).digest("hex");
}

function closeEntry(
  step: PreparedStep,
  id: string,
  versionsBefore: readonly string[],
  place: StepPlace,
): string {
  const { schema, versionTable } = place.state;
  const checksum = step.info.direction === "upgrade" ? quoteLiteral(upgradeChecksum(step.file)) : "NULL";
  return [
    ...versionRowChanges(versionsBefore, step.info.versionsAfter).map((change) =>
      versionRowStatement(qualified(schema, versionTable), change),
    ),
    `UPDATE ${qualified(schema, LEDGER_TABLE)} SET finished_at = clock_timestamp(), checksum = ${checksum} WHERE id = ${id}`,
  ].join(";\n");
}

function outsideFailure(
  step: PreparedStep,
  statement: SqlStatement,
  statementsDone: number,
  error: unknown,
  versions: readonly string[],
): unknown {
  if (!(error instanceof StatementError)) return error;
  const { revision, direction, path } = step.info;
  const { sqlState, reason, detail, postgresHint } = error;
  const { line, text } = statement;
  return new MigrationFailedError(
    {
      revision,
      direction,
      path,
      versions,
      line,
      statement: text,
      sqlState,
      reason,
      detail,
      postgresHint,
      statementsDone,
    },
    error,
  );
}
