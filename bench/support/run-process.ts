import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a process cost, from its start to its end as seen from outside. */
export interface Cost {
  readonly exitCode: number | null;
  readonly wallMs: number;
  /** Of the process and its own children; undefined where GNU time (Debian's `time`) is not installed. */
  readonly cpuMs: number | undefined;
  readonly peakMb: number | undefined;
  readonly stderr: string;
}

const GNU_TIME = "/usr/bin/time";

/** Whether CPU and memory can be told. */
const canMeasure: boolean = existsSync(GNU_TIME);

export interface ProcessOptions {
  readonly cwd: string;
  readonly databaseUrl: string;
}

/** Runs a command to its end. */
export async function runProcess(
  command: readonly string[],
  { cwd, databaseUrl }: ProcessOptions,
): Promise<Cost> {
  const notes = mkdtempSync(join(tmpdir(), "wellhead-bench-time-"));
  const file = join(notes, "time");
  const [program = "", ...args] = canMeasure
    ? [GNU_TIME, "--quiet", "-f", "%U %S %M", "-o", file, ...command]
    : command;
  const begun = performance.now();
  const { exitCode, stderr } = await outcomeOf(program, args, cwd, databaseUrl);
  const wallMs = performance.now() - begun;
  const [user, system, peakKb] = canMeasure ? readFileSync(file, "utf8").trim().split(" ").map(Number) : [];
  rmSync(notes, { recursive: true });
  return {
    exitCode,
    wallMs,
    cpuMs: user === undefined || system === undefined ? undefined : (user + system) * 1000,
    peakMb: peakKb === undefined ? undefined : peakKb / 1024,
    stderr,
  };
}

async function outcomeOf(
  program: string,
  args: readonly string[],
  cwd: string,
  databaseUrl: string,
): Promise<Pick<Cost, "exitCode" | "stderr">> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { PATH: process.env["PATH"], HOME: cwd, DATABASE_URL: databaseUrl },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stderr }));
  });
}
