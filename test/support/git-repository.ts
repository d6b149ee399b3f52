import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { temporaryFolder } from "./migrations-folder.ts";

/** A repository of git for one test. */
export interface GitRepository {
  /** The top of its work tree, without links. */
  readonly root: string;
  readonly git: (...args: string[]) => string;
  /** Writes files, by their path from the top. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Writes files and commits everything. */
  readonly commit: (files: Readonly<Record<string, string>>) => void;
  /** Commits files on a branch that begins at `from`, and comes back to main. */
  readonly branch: (name: string, files: Readonly<Record<string, string>>, from?: string) => void;
}

/** Makes a repository with one empty commit on `main`; nothing of the tester's own configuration counts in it. */
export function gitRepository(): GitRepository {
  const root = realpathSync(temporaryFolder());
  const git = (...args: string[]): string => runGit(root, args);
  const write: GitRepository["write"] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  const commit: GitRepository["commit"] = (files) => {
    write(files);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", Object.keys(files).join(", ") || "empty");
  };
  git("init", "--quiet", "--initial-branch", "main");
  commit({});
  return {
    root,
    git,
    write,
    commit,
    branch: (name, files, from = "main") => {
      git("checkout", "--quiet", "-b", name, from);
      commit(files);
      git("checkout", "--quiet", "main");
    },
  };
}

export function runGit(cwd: string, args: readonly string[]): string {
  const identity = {
    GIT_AUTHOR_NAME: "t",
    GIT_AUTHOR_EMAIL: "t@t",
    GIT_COMMITTER_NAME: "t",
    GIT_COMMITTER_EMAIL: "t@t",
  };
  const { status, stdout, stderr } = spawnSync("git", args, {
    cwd,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      ...identity,
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The text of a revision for a test, as short as it can be said. */
export function sqlRevision(revision: string, revises: string, upgrade: string, downgrade = ""): string {
  return `-- revision: ${revision}\n-- revises: ${revises}\n-- message: the ${revision}\n\n-- upgrade\n${upgrade}\n\n-- downgrade\n${downgrade}\n`;
}
