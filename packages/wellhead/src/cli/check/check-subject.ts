import { RevisionGraph } from "../../graph/index.ts";
import { checkScript, loadSqlRevision, readRevisions, type RevisionFile } from "../../revisions/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import type { Workspace } from "../workspace.ts";
import { uniteBranches } from "../branches/unite-branches.ts";
import { findingOf, type LoadedSubject } from "./check-section.ts";
import { graphProblems } from "./graph-problems.ts";

/**
 * Loads the revisions of a project, with those of other branches where there are some, and gathers everything that is
 * wrong with them, not the first thing only.
 */
export async function loadSubject(
  workspace: Workspace,
  { refs, cwd }: { readonly refs: readonly string[]; readonly cwd: string },
): Promise<LoadedSubject> {
  const refused: WellheadError[] = [];
  const own = readFiles(workspace, refused);
  const united = refs.length === 0 ? undefined : uniteBranches(own, refs, workspace, cwd);
  const files = united === undefined ? own : united.revisions.map(({ file }) => file);
  // A file that was refused is missing to its children: that is no fault of theirs.
  const isIncomplete = refused.length > 0 || (united?.problems.length ?? 0) > 0;
  const broken = [...refused, ...graphProblems(files)];
  const problems = [...(isIncomplete ? refused : broken), ...(await scriptProblems(files))];
  const paths = new Map(files.map((file) => [file.revision, file.path]));
  return {
    workspace,
    united,
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
