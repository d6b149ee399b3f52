import { RevisionGraph, type RebasePlan } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { headRewrite, type FileRewrite } from "../../revisions/index.ts";

/**
 * The revisions with the down revisions that they are to have; their texts are as they were.
 *
 * @throws the errors of a graph that does not hold, such as E_DEPENDENCY_CYCLE
 */
export function rebasedMigrations(
  { files }: Migrations,
  { changes }: Pick<RebasePlan, "changes">,
): Migrations {
  const revises = new Map(changes.map(({ revision, to }) => [String(revision), to]));
  const rebased = [...files.values()].map((file) => ({
    ...file,
    revises: revises.get(file.revision) ?? file.revises,
  }));
  return { graph: RevisionGraph.of(rebased), files: new Map(rebased.map((file) => [file.revision, file])) };
}

/** How the files have to change for that. Nothing is written. */
export function headRewrites({ files }: Migrations, { changes }: RebasePlan): readonly FileRewrite[] {
  return changes.flatMap(({ revision, to }) => {
    const file = files.get(revision);
    return file === undefined ? [] : [headRewrite(file, { revises: to })];
  });
}
