import { spawnSync } from "node:child_process";
import { GitFailedError, GitMissingError } from "./errors.ts";

/** What git said, whether it was content or not. */
export interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  /** The first line that says why not. */
  readonly reason: string;
}

/** More than all migrations of a project. */
const MAX_BYTES = 1024 ** 3;

/**
 * Runs a command of git in a folder.
 *
 * @throws GitMissingError E_GIT_MISSING
 */
export function askGit(folder: string, args: readonly string[], input = ""): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd: folder,
    input,
    maxBuffer: MAX_BYTES,
    // Its words are looked at; and a question takes no lock and asks nobody for a password.
    env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
  });
  if (error !== undefined) throw new GitMissingError(error);
  const [line = ""] = stderr.toString("utf8").trim().split("\n");
  return { ok: status === 0, stdout, reason: line.replace(/^(?:fatal|error): /u, "").replace(/\.$/u, "") };
}

/**
 * The same, where git must be content.
 *
 * @throws GitMissingError E_GIT_MISSING; GitFailedError E_GIT_FAILED
 */
export function runGit(folder: string, args: readonly string[], input = ""): Buffer {
  const { ok, stdout, reason } = askGit(folder, args, input);
  if (!ok) throw new GitFailedError(["git", ...args].join(" "), reason);
  return stdout;
}
