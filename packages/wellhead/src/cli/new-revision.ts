import { randomBytes } from "node:crypto";
import { sep } from "node:path";
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
import type { CommandContext, CommandOutcome } from "./command.ts";
import { textOption } from "./command-options.ts";
import { RevisionExistsError } from "./errors.ts";
import { revisionDocument } from "./revision-document.ts";
import { shownPath, type Workspace } from "./workspace.ts";

/** The message of a revision that was given none. */
export const NO_MESSAGE = "empty message";

/** What `revision` and `merge` have found out about the file to write. */
export interface RevisionToWrite {
  readonly revision: string;
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  /** The labels that the file itself declares. */
  readonly labels: readonly string[];
  readonly message: string;
  readonly language: RevisionLanguage;
  /** What is proved of the heads that it joins. */
  readonly proved: string | undefined;
  /** What is known of its body. */
  readonly body?: Pick<NewRevisionOptions, "upgrade" | "downgrade" | "transaction" | "irreversible">;
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
  context: CommandContext,
  workspace: Workspace,
): CommandOutcome {
  const [revision] = writeRevisions([wanted], context, workspace);
  return { json: { revision } };
}

/** The same for several that build on each other; as `--json` shows them. */
export function writeRevisions(
  all: readonly RevisionToWrite[],
  { cwd, output }: CommandContext,
  workspace: Workspace,
): readonly unknown[] {
  const { files } = workspace.migrations();
  const written = all.map((wanted) => {
    const file = newRevisionFile(newRevisionOptions(wanted, workspace));
    return { ...wanted, file, path: shownPath(cwd, file.file) };
  });
  const graph = RevisionGraph.of([...files.values(), ...written]);
  for (const { file, path } of written) {
    writeRevisionFile(file);
    output.info(`created ${path}`);
  }
  return all.map(({ revision }) => revisionDocument(graph.get(revision)));
}

function newRevisionOptions(wanted: RevisionToWrite, workspace: Workspace): NewRevisionOptions {
  const { files } = workspace.migrations();
  const { body, ...head } = wanted;
  // Alembic names the file of a revision without a message `<id>_.py`, and writes these words into it.
  const isNameless = wanted.language === "py" && wanted.message === NO_MESSAGE;
  return {
    ...head,
    ...body,
    ...namingIn(workspace),
    ...(isNameless && { message: "" }),
    folder: folderFor(wanted, files, workspace),
    created: new Date(),
  };
}

/** How Alembic is told to name files and to write dates. */
function namingIn({
  place: { alembic },
}: Workspace): Pick<NewRevisionOptions, "fileTemplate" | "slugLength" | "timezone"> {
  if (alembic === undefined) return {};
  const { fileTemplate, slugLength, timezone } = alembic;
  return { fileTemplate, slugLength, ...(timezone !== undefined && { timezone }) };
}

/** The migrations folder of its first parent; a base goes into the first one. */
function folderFor(
  { revises: [first] }: RevisionToWrite,
  files: Migrations["files"],
  { place: { folders }, folder }: Workspace,
): string {
  const parent = first === undefined ? undefined : files.get(first);
  const around = folders.filter((each) => parent?.file.startsWith(each + sep));
  // Of two that lie in each other, the inner one.
  const nearest = around.toSorted((a, b) => b.length - a.length)[0];
  return nearest ?? folders[0] ?? folder;
}

/** Python where everything around is Python, so that Alembic can go on with the project. */
export function languageAmong(files: readonly RevisionFile[], { place }: Workspace): RevisionLanguage {
  if (files.length === 0) return place.alembic === undefined ? "sql" : "py";
  return files.every((file) => file.language === "py") ? "py" : "sql";
}
