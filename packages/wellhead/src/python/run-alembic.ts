import { spawn } from "node:child_process";
import type { AlembicCommand } from "./alembic-command.ts";

/** What Alembic said, whether it got to its end or not. */
export interface AlembicAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** It took longer than it may, and was ended. */
  readonly isTooLong: boolean;
}

export interface RunAlembicOptions {
  readonly command: AlembicCommand;
  readonly configFile: string;
  /** Where it is called. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeLimitMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * What env.py is told instead of the project's database: nothing is to be connected, and where it would connect all the
 * same, nothing listens. Its dialect is what the SQL is written for.
 */
const NOWHERE = "postgresql://wellhead:wellhead@127.0.0.1:1/wellhead";

/** Runs Alembic in the project, with the project's environment but for its database. */
export async function runAlembic(
  args: readonly string[],
  { command, configFile, folder, env, timeLimitMs, signal }: RunAlembicOptions,
): Promise<AlembicAnswer> {
  const [program, ...before] = command;
  const limit = AbortSignal.timeout(timeLimitMs);
  const child = spawn(program, [...before, "-c", configFile, ...args], {
    cwd: folder,
    env: { ...env, DATABASE_URL: NOWHERE, PYTHONIOENCODING: "utf-8", PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => (stderr += `${error.message}\n`));
    child.on("close", resolve);
  });
  signal?.throwIfAborted();
  return { ok: exitCode === 0, stdout, stderr, isTooLong: limit.aborted && exitCode !== 0 };
}
