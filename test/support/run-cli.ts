import { spawn } from "node:child_process";

import { cliCommand, processEnvironment } from "./cli-command.ts";

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  readonly json: () => unknown;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line in a process of its own, with next to nothing of the tests' environment. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  return await startCli(argv, options).result;
}

/** A command that runs: to watch, and to send signals to. */
export interface RunningCli {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** What it has said so far, on standard output and standard error. */
  readonly said: () => string;
  readonly result: Promise<CliResult>;
}

/** The same, and does not wait for its end. */
export function startCli(argv: readonly string[], { cwd, env = {} }: CliOptions): RunningCli {
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
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr, json: () => JSON.parse(stdout) }));
  });
  return { kill: (signal) => void child.kill(signal), said: () => stdout + stderr, result };
}
