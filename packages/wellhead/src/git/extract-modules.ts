import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Branch } from "./branch.ts";
import { listTree, readBlobs, type TreePlace } from "./read-tree.ts";
import type { Repository } from "./repository.ts";

/** Modules of branches as files outside the work tree, for Node to load them; made when the first one is asked for. */
export interface ExtractedModules {
  /** Where a file of a branch lies. */
  readonly fileOf: (branch: Branch, path: string) => string;
  /** Removes them all. */
  readonly remove: () => void;
}

/** The `.ts` files of the migrations folders, so that they find each other, and the packages of the work tree. */
export function extractModules(repository: Repository, place: TreePlace): ExtractedModules {
  const folders = new Map<string, string>();
  return {
    fileOf: ({ commit }, path) => {
      const folder = folders.get(commit) ?? extract(repository, commit, place);
      folders.set(commit, folder);
      return join(folder, path);
    },
    remove: () => {
      for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
      folders.clear();
    },
  };
}

function extract(repository: Repository, commit: string, place: TreePlace): string {
  const target = mkdtempSync(join(tmpdir(), "wellhead-branch-"));
  const modules = listTree(repository, commit, place).filter(({ path }) => path.endsWith(".ts"));
  const contents = readBlobs(
    repository,
    modules.map(({ blob }) => blob),
  );
  for (const { path, blob } of modules) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), contents.get(blob) ?? "");
  }
  for (const folder of foldersAround(place.folders)) linkPackages(repository.root, target, folder);
  return target;
}

/** The folders and all above them, up to the top, which is empty. */
function foldersAround(folders: readonly string[]): ReadonlySet<string> {
  const around = new Set<string>([""]);
  for (const folder of folders) {
    for (let at = folder; at !== "" && at !== "."; at = dirname(at)) around.add(at);
  }
  return around;
}

function linkPackages(root: string, target: string, folder: string): void {
  const packages = join(root, folder, "node_modules");
  if (!existsSync(packages)) return;
  mkdirSync(join(target, folder), { recursive: true });
  symlinkSync(packages, join(target, folder, "node_modules"), "junction");
}
