import { RevisionGraph } from "../graph/index.ts";
import {
  readRevisions,
  readStaticRevisions,
  type RevisionFile,
  type StaticRevision,
} from "../revisions/index.ts";

/** The migrations folder, read: the graph and the file of each revision. */
export interface Migrations {
  readonly graph: RevisionGraph;
  readonly files: ReadonlyMap<string, RevisionFile>;
}

/**
 * The migrations folder, or several in load order, or a list as `wellhead bundle` writes it, or what
 * {@link loadMigrations} made of them, now or when asked.
 */
export type MigrationsSource =
  | string
  | readonly string[]
  | Migrations
  | readonly StaticRevision[]
  | (() => Migrations);

/** How a migrations folder is read. */
export interface LoadMigrationsOptions {
  /** Also the folders inside each folder; default false. */
  readonly recursive?: boolean;
}

/** Reads the heads of all revision files; no statement and no program in them is looked at. */
export function loadMigrations(source: MigrationsSource, options: LoadMigrationsOptions = {}): Migrations {
  if (typeof source === "function") return source();
  if (typeof source === "object" && "graph" in source) return source;
  const files = readAll(typeof source === "string" ? [source] : source, options);
  return { graph: RevisionGraph.of(files), files: new Map(files.map((file) => [file.revision, file])) };
}

function readAll(
  sources: readonly string[] | readonly StaticRevision[],
  options: LoadMigrationsOptions,
): readonly RevisionFile[] {
  const folders = sources.filter((source) => typeof source === "string");
  const revisions = sources.filter((source) => typeof source !== "string");
  return revisions.length > 0 ? readStaticRevisions(revisions) : readRevisions(folders, options);
}
