import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../packages/wellhead/src/cli/main.ts", import.meta.url));

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

/** Runs the command line in a process of its own, from the sources, with nothing of the tests' environment but PATH. */
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
  const child = spawn(process.execPath, ["--conditions=wellhead-source", main, ...argv], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, ...env },
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
