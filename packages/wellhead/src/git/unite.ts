import {
  compareByCodePoint,
  decodeText,
  readStaticRevisions,
  revisionText,
  type RevisionFile,
} from "../revisions/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import type { Branch, BranchFile } from "./branch.ts";
import { pathInRepository } from "./repository.ts";
import { DifferentRevisionError } from "./errors.ts";

/** A revision among those of several branches. */
interface UnitedRevision {
  readonly file: RevisionFile;
  /** From the top of the repository, with `/`. */
  readonly path: string;
  /** The branches that bring it; none for one of the work tree. */
  readonly refs: readonly string[];
  /** The text of a branch's file as it stands in its commit, with its byte order mark where it has one. */
  readonly content?: string;
}

/** The work tree with all branches merged into it, as far as their migrations go. */
export interface UnitedRevisions {
  /** In load order. */
  readonly revisions: readonly UnitedRevision[];
  /** What a merge would stumble over, or what is no revision; those files are left out. */
  readonly problems: readonly WellheadError[];
}

/** How the branches' files become revisions. */
export interface UniteOptions {
  /** The top of the work tree, absolute. */
  readonly root: string;
  /** The migrations folders from the top of the repository, in load order. */
  readonly folders: readonly string[];
  /** Where a `.ts` revision of a branch lies as a file: a module is loaded, its text is not enough. */
  readonly moduleFile: (branch: Branch, path: string) => string;
}

/**
 * Merges branches into the work tree, file by file. The same file in both is one. A revision that a branch has changed
 * is a problem, and stays as the work tree has it; what only the work tree has changed is none.
 */
export function unite(
  base: readonly RevisionFile[],
  branches: readonly Branch[],
  options: UniteOptions,
): UnitedRevisions {
  const union = new Union(base, options);
  for (const branch of branches) union.add(branch);
  return { revisions: union.inLoadOrder(), problems: union.problems };
}

class Union {
  readonly problems: WellheadError[] = [];
  readonly #byPath: Map<string, UnitedRevision>;
  readonly #options: UniteOptions;

  constructor(base: readonly RevisionFile[], options: UniteOptions) {
    this.#options = options;
    this.#byPath = new Map(
      base.map((file) => {
        const path = pathInRepository(options.root, file.file);
        return [path, { file, path, refs: [] }];
      }),
    );
  }

  add(branch: Branch): void {
    for (const { path, content } of branch.deleted) {
      const here = this.#byPath.get(path);
      if (here !== undefined && isSameText(here.file, content.toString("utf8"))) this.#byPath.delete(path);
    }
    for (const changed of branch.changed) {
      const file = this.#read(branch, changed);
      if (file !== undefined) this.#put(file, changed, branch.ref);
    }
  }

  inLoadOrder(): readonly UnitedRevision[] {
    const { folders } = this.#options;
    const rank = ({ path }: UnitedRevision): number => {
      // Of folders that lie in each other it is the one that holds the file itself.
      const own = folders.indexOf(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
      return own === -1 ? folders.findIndex((each) => each === "" || path.startsWith(`${each}/`)) : own;
    };
    return [...this.#byPath.values()].toSorted(
      (one, other) => rank(one) - rank(other) || compareByCodePoint(one.path, other.path),
    );
  }

  #put(file: RevisionFile, { path, content }: BranchFile, ref: string): void {
    const twin = this.#byPath.get(path) ?? this.#withId(file.revision);
    if (twin === undefined) {
      this.#byPath.set(path, { file, path, refs: [ref], content: content.toString("utf8") });
    } else if (isSameText(twin.file, revisionText(file))) {
      if (twin.refs.length > 0) this.#byPath.set(twin.path, { ...twin, refs: [...twin.refs, ref] });
    } else {
      this.problems.push(new DifferentRevisionError([twin.file, file], twin.refs[0], ref));
    }
  }

  #read(branch: Branch, { path, content }: BranchFile): RevisionFile | undefined {
    const shown = `${branch.ref}:${path.includes("/") ? path : `./${path}`}`;
    try {
      const text = decodeText(content, shown);
      const [file] = readStaticRevisions([{ path: shown, text }]);
      if (file?.language !== "ts") return file;
      const { inMemory: _inMemory, ...rest } = file;
      return { ...rest, file: this.#options.moduleFile(branch, path), text };
    } catch (error) {
      if (!(error instanceof WellheadError)) throw error;
      this.problems.push(error);
      return undefined;
    }
  }

  #withId(revision: string): UnitedRevision | undefined {
    return [...this.#byPath.values()].find(({ file }) => file.revision === revision);
  }
}

/** Checkouts write line ends as they please. */
function isSameText(file: RevisionFile, text: string): boolean {
  const plain = (each: string): string => each.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  return plain(revisionText(file)) === plain(text);
}
