import { spawn, type ChildProcess } from "node:child_process";

import { cliCommand, processEnvironment } from "./cli-command.ts";

export interface CliResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  readonly json: () => unknown;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take, in milliseconds; default: as long as it wants. */
  readonly limitMs?: number;
}

/** Runs the command line in a process of its own, with next to nothing of the tests' environment. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  return await startCli(argv, options).result;
}

/** A command that runs: to watch, and to send signals to. */
export interface RunningCli {
  readonly child: ChildProcess;
  /** What it has said so far, on standard output and standard error. */
  readonly said: () => string;
  /** Rejects when it takes longer than its limit; it is killed then. */
  readonly result: Promise<CliResult>;
}

/** The same, and does not wait for its end. */
export function startCli(argv: readonly string[], { cwd, env = {}, limitMs }: CliOptions): RunningCli {
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
  const result = new Promise<CliResult>((resolve, reject) => {
    const overdue = (): void => {
      child.kill("SIGKILL");
      reject(new Error(`${argv.join(" ")} did not end in ${limitMs} ms:\n${stdout}${stderr}`));
    };
    const limit = limitMs === undefined ? undefined : setTimeout(overdue, limitMs);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(limit);
      resolve({ exitCode, signal, stdout, stderr, json: () => JSON.parse(stdout) });
    });
  });
  return { child, said: () => stdout + stderr, result };
}
