import { spawn, type ChildProcess } from "node:child_process";

import { cliCommand, processEnvironment } from "../../support/cli-command.ts";

/** How a command ended. */
export interface CliEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in a process of its own, that can be killed. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** Rejects when it takes longer than the limit; it is killed then. */
  readonly ended: Promise<CliEnd>;
}

export interface CliProcessOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take, in milliseconds; default 60,000. */
  readonly limitMs?: number;
}

/** Starts the command line with next to nothing of this process' environment. */
export function startCli(
  argv: readonly string[],
  { cwd, env = {}, limitMs = 60_000 }: CliProcessOptions,
): CliProcess {
  const [program, ...args] = cliCommand();
  const child = spawn(program, [...args, ...argv], {
    cwd,
    env: { ...processEnvironment(), HOME: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<CliEnd>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${argv.join(" ")} did not end in ${limitMs} ms:\n${stdout}${stderr}`));
    }, limitMs);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(limit);
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  return { child, ended };
}
