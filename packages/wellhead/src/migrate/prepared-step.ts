import {
  checkScript,
  loadModuleRevision,
  loadSqlRevision,
  statementsOf,
  type RevisionDatabase,
  type RevisionFile,
  type SqlScript,
  type SqlStatement,
} from "../revisions/index.ts";
import { NoDowngradeError, PythonRevisionError } from "./errors.ts";
import type { StepInfo } from "./events.ts";
import { OutsideModuleError } from "./outside/errors.ts";

/** A step with all that it needs, read and checked before anything runs. */
export interface PreparedStep {
  readonly info: StepInfo;
  readonly file: RevisionFile;
  readonly body: StepBody;
}

/** What a step runs. */
export type StepBody =
  | { readonly kind: "sql"; readonly script: SqlScript }
  /** Of a `transaction: none` revision. */
  | { readonly kind: "statements"; readonly statements: readonly SqlStatement[] }
  | { readonly kind: "module"; readonly work: (db: RevisionDatabase) => Promise<void> };

/**
 * Reads what the step runs, and refuses it where it cannot run: no downgrade, Python, psql's meta commands, its own
 * COMMIT. It is called for every step of a plan before the first one runs.
 */
export async function prepareStep(info: StepInfo, file: RevisionFile): Promise<PreparedStep> {
  if (file.language === "py" && file.alembicSql === undefined)
    throw new PythonRevisionError(info.revision, info.path, info.direction);
  if (info.direction === "downgrade" && file.irreversible !== undefined) {
    throw new NoDowngradeError(info.revision, info.path, file.irreversible);
  }
  const body = file.language === "ts" ? await moduleBody(info, file) : await sqlBody(info, file);
  return { info, file, body };
}

async function sqlBody(info: StepInfo, file: RevisionFile): Promise<StepBody> {
  const script = loadSqlRevision(file)[info.direction];
  if (script === undefined) throw new NoDowngradeError(info.revision, info.path, undefined);
  await checkScript(script, file);
  if (file.transaction !== "none") return { kind: "sql", script };
  return { kind: "statements", statements: await statementsOf(script, info.path) };
}

async function moduleBody(info: StepInfo, file: RevisionFile): Promise<StepBody> {
  if (file.transaction === "none") throw new OutsideModuleError(info.revision, info.path);
  const module = await loadModuleRevision(file);
  const work = module[info.direction];
  if (work === undefined) throw new NoDowngradeError(info.revision, info.path, undefined);
  return { kind: "module", work };
}
