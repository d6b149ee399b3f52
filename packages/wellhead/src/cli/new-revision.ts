import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { RevisionGraph } from "../graph/index.ts";
import type { Migrations } from "../migrate/index.ts";
import {
  generateRevisionId,
  newRevisionFile,
  writeRevisionFile,
  type NewRevisionOptions,
  type RevisionFile,
  type RevisionLanguage,
} from "../revisions/index.ts";
import { textOption, type CommandContext, type CommandOutcome } from "./command.ts";
import { RevisionExistsError } from "./errors.ts";
import { revisionDocument } from "./revision-document.ts";
import { shownPath, type Workspace } from "./workspace.ts";

/** What `revision` and `merge` have found out about the file to write. */
export interface RevisionToWrite {
  readonly revision: string;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  /** The labels that the file itself declares. */
  readonly labels: readonly string[];
  readonly message: string;
  readonly language: RevisionLanguage;
}

/** The id asked for with `--rev-id`, or a new one; an id that is taken is refused before anything is written. */
export function newRevisionId({ options }: CommandContext, { files }: Migrations): string {
  const named = textOption(options, "revId");
  if (named === undefined) return generateRevisionId(randomBytes(6));
  const existing = files.get(named);
  if (existing !== undefined) throw new RevisionExistsError(named, existing.path);
  return named;
}

/** Writes the file, and checks first that the graph holds with it: nothing is left behind when it does not. */
export function writeRevision(
  wanted: RevisionToWrite,
  { cwd, output }: CommandContext,
  workspace: Workspace,
): CommandOutcome {
  const { files } = workspace.migrations();
  const folder = folderFor(wanted, files, workspace);
  const options: NewRevisionOptions = { ...wanted, ...namingIn(workspace), folder, created: new Date() };
  const file = newRevisionFile(options);
  const path = shownPath(cwd, file.file);
  const graph = RevisionGraph.of([...files.values(), { ...wanted, path }]);
  writeRevisionFile(file);
  output.info(`created ${path}`);
  return { json: { revision: revisionDocument(graph.get(wanted.revision)) } };
}

/** How Alembic is told to name files and to write dates. */
function namingIn({
  place: { alembic },
}: Workspace): Pick<NewRevisionOptions, "fileTemplate" | "slugLength" | "timezone"> {
  if (alembic === undefined) return {};
  const { fileTemplate, slugLength, timezone } = alembic;
  return { fileTemplate, slugLength, ...(timezone !== undefined && { timezone }) };
}

/** Beside its first parent; a base goes into the first folder. */
function folderFor(
  { revises: [first] }: RevisionToWrite,
  files: Migrations["files"],
  workspace: Workspace,
): string {
  const parent = first === undefined ? undefined : files.get(first);
  return parent === undefined ? (workspace.place.folders[0] ?? workspace.folder) : dirname(parent.file);
}

/** Python where everything around is Python, so that Alembic can go on with the project. */
export function languageAmong(files: Iterable<RevisionFile>): RevisionLanguage {
  const languages = new Set([...files].map((file) => file.language));
  return languages.size === 1 && languages.has("py") ? "py" : "sql";
}
