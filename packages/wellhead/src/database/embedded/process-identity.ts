import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";

/** What tells one process from every other, on this machine and over time. */
export interface ProcessIdentity extends ProcessPlace {
  readonly pid: number;
  /** When it started, as the system counts; pids are used again, the pair is not. Null where the system does not tell. */
  readonly startedAt: string | null;
}

/** Where processes see each other. */
export interface ProcessPlace {
  readonly host: string;
  /** Changes with every boot; null where the system has none. */
  readonly bootId: string | null;
  /** Which pids can see each other; null where the system has one space only. */
  readonly pidNamespace: string | null;
  /** The container of Docker or Podman, which keeps its id when it is started again. */
  readonly container: string | null;
}

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { pid, startedAt: startOf(pid)?.startedAt ?? null, ...thisPlace() };
}

/** What this process is called in a message: the program and its subcommand, and no argument that may be a secret. */
export function thisCommand(): string {
  const [, program = "node", subcommand = ""] = process.argv;
  return [basename(program), ...(/^[a-z][a-z-]*$/.test(subcommand) ? [subcommand] : [])].join(" ");
}

/** Whether a process still runs; `unknown` when it runs, or ran, where this one cannot see. */
export function liveness(
  other: ProcessIdentity,
  here: ProcessPlace = thisPlace(),
): "alive" | "dead" | "unknown" {
  if (other.bootId !== here.bootId) {
    // The same machine has been started again since; another machine's processes are out of sight.
    return other.host === here.host ? "dead" : "unknown";
  }
  if (other.bootId === null && other.host !== here.host) return "unknown";
  if (other.pidNamespace !== here.pidNamespace) {
    // A container that was started again has lost its processes; of another container nothing is known.
    return other.container !== null && other.container === here.container ? "dead" : "unknown";
  }
  const start = startOf(other.pid);
  if (start === undefined) return "dead";
  const isReused =
    other.startedAt !== null && start.startedAt !== null && other.startedAt !== start.startedAt;
  return isReused ? "dead" : "alive";
}

function thisPlace(): ProcessPlace {
  return {
    host: hostname(),
    bootId: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
    container: attempt(() => containerIn(readFileSync("/proc/self/mountinfo", "utf8"))),
  };
}

/** The files that Docker and Podman lay over /etc come from a folder named after the container. */
function containerIn(mounts: string): string | null {
  return /containers\/([0-9a-f]{64})\//.exec(mounts)?.[1] ?? null;
}

/** When a process started; undefined when there is none of that number. */
function startOf(pid: number): { startedAt: string | null } | undefined {
  if (process.platform === "linux") {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat === null) return exists(pid) ? { startedAt: null } : undefined;
    return startInStat(stat);
  }
  if (!exists(pid)) return undefined;
  return { startedAt: process.platform === "win32" ? null : attempt(() => startFromPs(pid)) };
}

/**
 * Field 22, counted after the name, which stands in parentheses and may hold anything. A process that was killed and
 * not yet waited for (Z) runs no more.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startInStat(stat: string): { startedAt: string | null } | undefined {
  const [state = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  return { startedAt: rest[18] ?? null };
}

function startFromPs(pid: number): string {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env }).trim();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
