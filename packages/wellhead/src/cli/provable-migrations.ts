import { PythonRevisionError, type Migrations } from "../migrate/index.ts";
import { withAlembicSql } from "../python/index.ts";
import { AlembicConfigError, findAlembicProject, type AlembicProject } from "../revisions/index.ts";
import type { WellheadError } from "../wellhead-error.ts";
import type { CommandContext } from "./command.ts";
import type { Workspace } from "./workspace.ts";

/** The revisions of a project as proofs run them. */
export interface ProvableMigrations {
  /** Python revisions have the SQL that Alembic writes for them, as far as it does. */
  readonly migrations: Migrations;
  /** The revisions of which nobody knows what they run, and why. */
  readonly unseen: ReadonlyMap<string, WellheadError>;
}

/** Asks the project's Alembic what Python revisions run; without any it is not asked. */
export async function provableMigrations(
  migrations: Migrations,
  workspace: Workspace,
  { env, interruption, output }: Pick<CommandContext, "env" | "interruption" | "output">,
  { downgrades = false }: { readonly downgrades?: boolean } = {},
): Promise<ProvableMigrations> {
  const isPython = [...migrations.files.values()].some(({ language }) => language === "py");
  if (!isPython) return { migrations, unseen: new Map() };
  output.live.show("Asking Alembic what the Python revisions run");
  try {
    return await withAlembicSql(migrations, {
      project: alembicOf(workspace),
      env,
      downgrades,
      signal: interruption(),
    });
  } finally {
    output.live.hide();
  }
}

/**
 * Does what needs to know what revisions run; where that is not known of a Python revision, the error says why.
 *
 * @throws AlembicMissingError E_ALEMBIC_MISSING; AlembicSqlError E_ALEMBIC_SQL; and what `work` throws
 */
export async function tellingUnseen<T>(
  { unseen }: Pick<ProvableMigrations, "unseen">,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PythonRevisionError ? (unseen.get(error.revision) ?? error) : error;
  }
}

/**
 * The revisions that a proof leaves out, because Alembic writes no SQL for them. None where it writes none at all: then there is nothing to
 * prove without them, and whoever comes upon one says why.
 */
export function leftOut({ migrations, unseen }: ProvableMigrations): ReadonlySet<string> {
  const isAsked = [...migrations.files.values()].some(({ alembicSql }) => alembicSql !== undefined);
  return new Set(isAsked ? unseen.keys() : []);
}

/** Whether an error says only that nobody here knows what a Python revision runs. */
export function isUnseen({ code }: WellheadError): boolean {
  return code === "E_PYTHON_REVISION" || code.startsWith("E_ALEMBIC_");
}

/** A project that has a configuration of Wellhead too still has Alembic's. */
function alembicOf({ place, folder }: Workspace): AlembicProject | undefined {
  if (place.alembic !== undefined) return place.alembic;
  try {
    return findAlembicProject(folder);
  } catch (error) {
    if (error instanceof AlembicConfigError) return undefined;
    throw error;
  }
}
