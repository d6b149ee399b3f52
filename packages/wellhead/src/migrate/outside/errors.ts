import { WellheadError } from "../../wellhead-error.ts";
import { ofItsStatements } from "../statements-done.ts";

/** Which `transaction: none` revision. */
export interface OutsidePlace {
  readonly revision: string;
  /** As shown to people. */
  readonly path: string;
}

/** A `transaction: none` revision was begun, and the statements that are done or were sent are no longer those in its file. */
export class ResumeMismatchError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly statementsDone: number;

  constructor({ revision, path }: OutsidePlace, statementsDone: number) {
    super(
      "E_RESUME_MISMATCH",
      `${revision} was begun (${ofItsStatements(statementsDone)}), but the statements up to where it was cut off are not those in ${path} any more.`,
      { hint: "put them back as they were (what follows them may change), and run again" },
    );
    this.revision = revision;
    this.path = path;
    this.statementsDone = statementsDone;
  }
}

/** A `transaction: none` revision was begun, and its file does not say so any more: it would run its first statements twice. */
export class BegunOutsideError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly statementsDone: number;

  constructor({ revision, path }: OutsidePlace, statementsDone: number) {
    super(
      "E_BEGUN_OUTSIDE",
      `${revision} was begun outside a transaction (${ofItsStatements(statementsDone)}), and ${path} does not say transaction: none any more.`,
      { hint: "put the line `transaction: none` back and run again; it goes on where it was cut off" },
    );
    this.revision = revision;
    this.path = path;
    this.statementsDone = statementsDone;
  }
}

/** `transaction: none` in a `.ts` revision: a program has no statements to count. */
export class OutsideModuleError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor(revision: string, path: string) {
    super(
      "E_OUTSIDE_MODULE",
      `${revision} (${path}) says transaction: none, which only a .sql revision can.`,
      {
        hint: "write the statements that cannot be in a transaction into a .sql revision of their own",
      },
    );
    this.revision = revision;
    this.path = path;
  }
}

/** A `transaction: none` revision needs a session beside the one that holds the lock, and there is none. Nothing has run. */
export class SecondSessionError extends WellheadError {
  readonly revision: string;
  readonly path: string;

  constructor({ revision, path }: OutsidePlace) {
    super(
      "E_SECOND_SESSION",
      `${revision} (${path}) runs outside a transaction, which takes a second session beside the one that holds the lock; this database gives one at a time.`,
      { hint: "open the database with maxSessions: 2 or more, or pass its url and let the run open it" },
    );
    this.revision = revision;
    this.path = path;
  }
}

/** While a run was at a `transaction: none` revision another one took it over: the connection that held the lock was lost. */
export class TakenOverError extends WellheadError {
  readonly revision: string;

  constructor(revision: string, cause: unknown) {
    super("E_TAKEN_OVER", `Another run carried on with ${revision}: this one had lost the lock meanwhile.`, {
      hint: "run again: it waits for the other one and then finds what is left to do",
      cause,
    });
    this.revision = revision;
  }
}

/** The statement whose outcome is not known, and the ways on for who has looked. */
export interface UnknownOutcome extends OutsidePlace {
  readonly line: number;
  readonly statement: string;
  /** How many statements before it are done. */
  readonly statementsDone: number;
  /** SQL for who finds that it was done: the next run goes on behind it. */
  readonly ifDone: string;
  /** SQL for who finds that it was not, or may be again: the next run sends it again. */
  readonly ifNotDone: string;
}

/**
 * A statement that cannot be in a transaction was sent by a run that was cut off before the answer came, and nothing
 * in the database tells whether it was done. Nothing has run since.
 */
export class OutcomeUnknownError extends WellheadError implements UnknownOutcome {
  readonly revision: string;
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly statementsDone: number;
  readonly ifDone: string;
  readonly ifNotDone: string;

  constructor(facts: UnknownOutcome) {
    const { revision, path, line, statement, statementsDone, ifDone, ifNotDone } = facts;
    super(
      "E_OUTCOME_UNKNOWN",
      `An earlier run of ${revision} was cut off while ${path}:${line} was under way, outside a transaction: whether it was done is not known.\n  statement: ${statement}`,
      {
        hint: `look whether its work is there; if it is, run "${ifDone}" on the database, if not, "${ifNotDone}"; then run again`,
      },
    );
    this.revision = revision;
    this.path = path;
    this.line = line;
    this.statement = statement;
    this.statementsDone = statementsDone;
    this.ifDone = ifDone;
    this.ifNotDone = ifNotDone;
  }
}

/** A statement must be alone, and behind this pooler the URL's schema can only be set in front of it. */
export class AloneBehindPoolerError extends WellheadError {
  readonly revision: string;
  readonly path: string;
  readonly line: number;

  constructor({ revision, path }: OutsidePlace, line: number, cause: unknown) {
    super(
      "E_ALONE_BEHIND_POOLER",
      `${path}:${line} cannot be in a transaction, and through a pooler in transaction mode the schema of the URL holds only inside one.`,
      {
        hint: "give migrations a direct connection (DIRECT_URL), or set the schema for the role (ALTER ROLE … SET search_path) and take it out of the URL",
        cause,
      },
    );
    this.revision = revision;
    this.path = path;
    this.line = line;
  }
}

/** A `transaction: none` revision is half done, and what is asked for would build on it or take away what it stands on. Nothing has run. */
export class UnfinishedRevisionError extends WellheadError {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly statementsDone: number;

  /** `forget` is the SQL that drops its line from the ledger. */
  constructor(
    {
      revision,
      direction,
      statementsDone,
    }: Pick<UnfinishedRevisionError, "revision" | "direction" | "statementsDone">,
    forget: string,
  ) {
    super(
      "E_UNFINISHED_REVISION",
      `The ${direction} of ${revision} is half done: it runs outside a transaction, and ${ofItsStatements(statementsDone)}.`,
      {
        hint:
          direction === "upgrade"
            ? `finish it first (upgrade ${revision}), or undo its statements by hand and forget them: ${forget}`
            : `finish it first (downgrade to below ${revision}), or undo its statements by hand and forget them: ${forget}`,
      },
    );
    this.revision = revision;
    this.direction = direction;
    this.statementsDone = statementsDone;
  }
}
