import { RevisionGraph, type RebasePlan } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { headRewrite, type FileRewrite } from "../../revisions/index.ts";

/** The project as it is to be. Nothing is written. */
export interface RebasedMigrations {
  readonly migrations: Migrations;
  readonly rewrites: readonly FileRewrite[];
}

/**
 * The revisions with the heads that they are to have.
 *
 * @throws the errors of a graph that does not hold, such as E_DEPENDENCY_CYCLE
 */
export function rebasedMigrations({ files }: Migrations, { changes }: RebasePlan): RebasedMigrations {
  const revises = new Map(changes.map(({ revision, to }) => [String(revision), to]));
  const rebased = [...files.values()].map((file) => ({
    ...file,
    revises: revises.get(file.revision) ?? file.revises,
  }));
  const graph = RevisionGraph.of(rebased);
  const rewrites = changes.flatMap(({ revision, to }) => {
    const file = files.get(revision);
    return file === undefined ? [] : [headRewrite(file, { revises: to })];
  });
  return { migrations: { graph, files: new Map(rebased.map((file) => [file.revision, file])) }, rewrites };
}
