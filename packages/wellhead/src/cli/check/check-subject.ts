import { RevisionGraph } from "../../graph/index.ts";
import { checkScript, loadSqlRevision, readRevisions, type RevisionFile } from "../../revisions/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import type { Workspace } from "../workspace.ts";
import { findingOf, type CheckSubject } from "./check-section.ts";
import { graphProblems } from "./graph-problems.ts";

/** Loads the revisions of a project and gathers everything that is wrong with them, not the first thing only. */
export async function loadSubject(
  workspace: Workspace,
): Promise<Pick<CheckSubject, "workspace" | "migrations" | "problems">> {
  const refused: WellheadError[] = [];
  const files = readFiles(workspace, refused);
  // A file that was refused is missing to its children: that is no fault of theirs.
  const broken = refused.length > 0 ? refused : graphProblems(files);
  const problems = [...broken, ...(await scriptProblems(files))];
  const paths = new Map(files.map((file) => [file.revision, file.path]));
  return {
    workspace,
    migrations:
      broken.length > 0
        ? undefined
        : { graph: RevisionGraph.of(files), files: new Map(files.map((file) => [file.revision, file])) },
    problems: problems.map((error) => findingOf(error, (revision) => paths.get(revision))),
  };
}

function readFiles({ place }: Workspace, refused: WellheadError[]): readonly RevisionFile[] {
  const { folders, recursive } = place;
  try {
    return readRevisions(folders, { recursive, onRefused: (error) => refused.push(error) });
  } catch (error) {
    if (!(error instanceof WellheadError)) throw error;
    refused.push(error);
    return [];
  }
}

/** What a run would refuse in a script before its first statement. */
async function scriptProblems(files: readonly RevisionFile[]): Promise<WellheadError[]> {
  const problems: WellheadError[] = [];
  for (const file of files) {
    if (file.language !== "sql") continue;
    try {
      const { upgrade, downgrade } = loadSqlRevision(file);
      await checkScript(upgrade, file);
      if (downgrade !== undefined) await checkScript(downgrade, file);
    } catch (error) {
      if (!(error instanceof WellheadError)) throw error;
      problems.push(error);
    }
  }
  return problems;
}
