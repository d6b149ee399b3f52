import { prepareStep, type Migrations, type PreparedStep, type StepInfo } from "../migrate/index.ts";
import {
  statementsOf,
  SqlSyntaxError,
  type RevisionDatabase,
  type RevisionFile,
  type SqlScript,
  type SqlStatement,
} from "../revisions/index.ts";
import { insideForm } from "./inside-form.ts";
import { isBeyondTheDatabase, runsOutside } from "./measure/statement-kind.ts";
import { traitsOf, type StatementTraits } from "./statement-traits.ts";

/** A revision as a proof runs it: what its upgrade (or downgrade) does, statement by statement where that is known. */
export interface ProofRevision {
  readonly revision: string;
  /** As shown to people. */
  readonly path: string;
  readonly file: RevisionFile;
  readonly body: ProofBody;
}

/** What a revision runs. */
type ProofBody =
  | { readonly kind: "statements"; readonly statements: readonly ProofStatement[] }
  /** A script that Postgres' parser cannot read, for the server to judge. */
  | { readonly kind: "script"; readonly script: SqlScript }
  | { readonly kind: "module"; readonly work: (db: RevisionDatabase) => Promise<void> };

export interface ProofStatement {
  /** As it is written. */
  readonly text: string;
  /** What a proof runs for it. */
  readonly script: string;
  /** The line of the file on which it begins. */
  readonly line: number;
  readonly traits: StatementTraits;
  /** Postgres refuses it in a transaction, and nothing else stands for it there. */
  readonly needsNoTransaction: boolean;
}

/** Reads what a step runs; refuses it where it cannot run. */
export type PrepareStep = (info: StepInfo, file: RevisionFile) => Promise<PreparedStep>;

/** The revisions of a folder as proofs run them, each read once. */
export class ProofRevisions {
  readonly #migrations: Migrations;
  readonly #prepare: PrepareStep;
  readonly #read = new Map<string, Promise<ProofRevision>>();

  constructor(migrations: Migrations, prepare: PrepareStep = prepareStep) {
    this.#migrations = migrations;
    this.#prepare = prepare;
  }

  /** The upgrades of these revisions, in their order. */
  async upgrades(revisions: readonly string[]): Promise<readonly ProofRevision[]> {
    return await Promise.all(revisions.map(async (revision) => await this.get(revision, "upgrade")));
  }

  async get(revision: string, direction: "upgrade" | "downgrade"): Promise<ProofRevision> {
    const key = `${direction} ${revision}`;
    const read = this.#read.get(key) ?? this.#load(revision, direction);
    this.#read.set(key, read);
    return await read;
  }

  async #load(revision: string, direction: "upgrade" | "downgrade"): Promise<ProofRevision> {
    const file = this.#migrations.files.get(revision);
    if (file === undefined) throw new Error(`there is no file of ${revision}`);
    const { revises, message, path } = file;
    const info = { direction, revision, revises, message, path, versionsAfter: [] };
    return await proofRevision(await this.#prepare(info, file));
  }
}

/** A step as a proof runs it. */
export async function proofRevision(step: PreparedStep): Promise<ProofRevision> {
  const { info, file } = step;
  return { revision: info.revision, path: info.path, file, body: await bodyOf(step) };
}

/** Whether something in it cannot run in a transaction at all. */
export function needsNoTransaction({ body }: ProofRevision): boolean {
  return body.kind === "statements" && body.statements.some((statement) => statement.needsNoTransaction);
}

async function bodyOf({ body, file }: PreparedStep): Promise<ProofBody> {
  switch (body.kind) {
    case "module":
      return body;
    case "statements":
      return { kind: "statements", statements: body.statements.map(outsideStatement) };
    case "sql":
      try {
        const statements = await statementsOf(body.script, file.path);
        return { kind: "statements", statements: statements.map(statementOf) };
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
        return { kind: "script", script: body.script };
      }
    default:
      return body satisfies never;
  }
}

function statementOf({ text, line, tree }: SqlStatement): ProofStatement {
  const script = isBeyondTheDatabase(tree) && !runsOutside(tree) ? "" : text;
  return { text, script, line, traits: traitsOf(tree), needsNoTransaction: false };
}

/** In a transaction, where a proof runs it if it can, there is nobody to be considerate of. */
function outsideStatement(statement: SqlStatement): ProofStatement {
  if (!runsOutside(statement.tree)) return statementOf(statement);
  const script = insideForm(statement.tree, statement.text);
  return {
    ...statementOf(statement),
    script: script ?? statement.text,
    needsNoTransaction: script === undefined,
  };
}
