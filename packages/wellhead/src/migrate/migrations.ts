import { RevisionGraph } from "../graph/index.ts";
import { readRevisions, type RevisionFile } from "../revisions/index.ts";

/** The migrations folder, read: the graph and the file of each revision. */
export interface Migrations {
  readonly graph: RevisionGraph;
  readonly files: ReadonlyMap<string, RevisionFile>;
}

/** Reads the heads of all revision files; no statement and no program in them is looked at. */
export function loadMigrations(folders: string | readonly string[]): Migrations {
  const files = readRevisions(typeof folders === "string" ? [folders] : folders);
  return { graph: RevisionGraph.of(files), files: new Map(files.map((file) => [file.revision, file])) };
}
