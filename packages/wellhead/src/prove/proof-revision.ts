import { prepareStep, type Migrations, type PreparedStep, type StepInfo } from "../migrate/index.ts";
import {
  statementsOf,
  SqlSyntaxError,
  type RevisionDatabase,
  type RevisionFile,
  type SqlScript,
  type SqlStatement,
} from "../revisions/index.ts";
import { withoutConcurrently } from "./concurrently.ts";
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
  readonly text: string;
  /** The line of the file on which it begins. */
  readonly line: number;
  readonly traits: StatementTraits;
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
    const step = await this.#prepare(
      { direction, revision, revises, message, path, versionsAfter: [] },
      file,
    );
    return { revision, path, file, body: await bodyOf(step) };
  }
}

/** The revision runs outside a transaction, statement by statement. */
export function runsOutside({ file }: ProofRevision): boolean {
  return file.transaction === "none";
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
  return { text, line, traits: traitsOf(tree) };
}

/** In a transaction, where a proof runs it if it can, there is nobody to be considerate of. */
function outsideStatement(statement: SqlStatement): ProofStatement {
  const { text, line, traits } = statementOf(statement);
  return { text: traits.isConcurrent ? withoutConcurrently(text) : text, line, traits };
}
