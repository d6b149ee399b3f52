import { hostname } from "node:os";
import { pathToFileURL } from "node:url";
import { StatementError, type Session } from "../database/index.ts";
import { locateStatement, upgradeChecksum } from "../revisions/index.ts";
import { WELLHEAD_VERSION } from "../version.ts";
import { WellheadError } from "../wellhead-error.ts";
import type { DatabaseState } from "./database-state.ts";
import { MigrationFailedError } from "./errors.ts";
import { insertLedgerEntry } from "./ledger.ts";
import { leaving } from "./interruption.ts";
import type { PreparedStep, StepBody } from "./prepared-step.ts";
import { revisionDatabase } from "./revision-database.ts";
import { qualified, versionRowChanges, versionRowStatement } from "./version-table.ts";

/** What can run in a transaction of ours. */
type TransactionalBody = Exclude<StepBody, { readonly kind: "statements" }>;

/**
 * Runs the step in the transaction that is open on `session`: the revision, then its version rows and its line in
 * the ledger. A `.sql` revision and its bookkeeping travel as one message. Returns how long it took, in milliseconds.
 */
export async function runStep(
  session: Session,
  step: PreparedStep & { readonly body: TransactionalBody },
  versionsBefore: readonly string[],
  place: StepPlace,
): Promise<number> {
  const begun = performance.now();
  try {
    if (step.body.kind === "sql") {
      // Postgres takes the time at which the message came in for statement_timestamp(): the start of the step.
      await session.run(
        `${step.body.script.text}\n;${afterStep(session, step, versionsBefore, place, "statement_timestamp()")}`,
      );
    } else {
      const db = revisionDatabase(session, step.file, place.signal);
      await leaving(place.signal, step.body.work(db));
      const elapsed = `clock_timestamp() - interval '${Math.round(performance.now() - begun)} ms'`;
      await session.run(afterStep(session, step, versionsBefore, place, elapsed));
    }
  } catch (error) {
    throw await failure(step, error, place.versionsAtStart);
  }
  return performance.now() - begun;
}

export interface StepPlace {
  readonly state: DatabaseState;
  readonly applicationName: string;
  /** Settings of the run, as SQL, that hold again after a revision has changed the session's. */
  readonly settings: string;
  /** Where the database stands when the transaction is rolled back. */
  readonly versionsAtStart: readonly string[];
  /** Ends the run when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/**
 * What follows a revision in its transaction. Whatever role, search path or timeout it set is undone, so that a
 * revision runs the same whether it comes first or last in a run. Deferred constraints are checked now, because a
 * pending check would make the next revision's ALTER TABLE of the same table fail (55006).
 */
function afterStep(
  session: Session,
  step: PreparedStep,
  versionsBefore: readonly string[],
  place: StepPlace,
  startedAt: string,
): string {
  const { state } = place;
  const entry = {
    revision: step.info.revision,
    direction: step.info.direction,
    checksum: step.info.direction === "upgrade" ? upgradeChecksum(step.file) : null,
    statementsDone: null,
    startedAt,
    appliedBy: `${place.applicationName}@${hostname()}`,
    wellheadVersion: WELLHEAD_VERSION,
  };
  return [
    session.resetSettings,
    place.settings,
    "SET CONSTRAINTS ALL IMMEDIATE",
    ...versionRowChanges(versionsBefore, step.info.versionsAfter).map((change) =>
      versionRowStatement(qualified(state.schema, state.versionTable), change),
    ),
    insertLedgerEntry(state.schema, entry),
  ]
    .filter((statement) => statement !== "")
    .join(";\n");
}

async function failure(
  step: PreparedStep & { readonly body: TransactionalBody },
  error: unknown,
  versions: readonly string[],
): Promise<unknown> {
  // What says by itself what it is (a lost connection, our own refusals) goes through as it is.
  if (error instanceof WellheadError && !(error instanceof StatementError)) return error;
  const { revision, direction, path } = step.info;
  const place = await placeOf(step, error);
  const isRefusal = error instanceof StatementError;
  return new MigrationFailedError(
    {
      revision,
      direction,
      path,
      versions,
      line: place?.line,
      statement: place?.text,
      sqlState: isRefusal ? error.sqlState : undefined,
      reason: isRefusal ? error.reason : error instanceof Error ? error.message : String(error),
      detail: isRefusal ? error.detail : undefined,
      postgresHint: isRefusal ? error.postgresHint : undefined,
    },
    error,
  );
}

async function placeOf(
  step: PreparedStep & { readonly body: TransactionalBody },
  error: unknown,
): Promise<{ readonly line: number; readonly text?: string } | undefined> {
  if (step.body.kind === "module") return lineInModule(step.file.file, error);
  if (!(error instanceof StatementError)) return undefined;
  return await locateStatement(step.body.script, error.statementsDone, error.position);
}

/** The line of the revision's own file that the error came through. Type stripping keeps lines where they were. */
function lineInModule(file: string, error: unknown): { readonly line: number } | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frame = stack
    .split("\n")
    .find((each) => each.includes(pathToFileURL(file).href) || each.includes(file));
  const line = /:(\d+):\d+\)?$/.exec(frame ?? "")?.[1];
  return line === undefined ? undefined : { line: Number(line) };
}
