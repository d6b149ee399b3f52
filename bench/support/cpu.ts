import { readdirSync, readFileSync } from "node:fs";

/** What `sysconf(_SC_CLK_TCK)` gives on every Linux of today. */
const TICKS_PER_SECOND = 100;

/** What processes have used of the processors, in milliseconds, and of the memory, in MB. From Linux' /proc. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentMb: number;
}

/** A process with all that it has started, those that have ended included. */
export function usageOf(pid: number): Usage {
  const processes = readProcesses();
  const tree = [pid];
  for (const parent of tree) {
    tree.push(...processes.filter((each) => each.parent === parent).map((each) => each.pid));
  }
  const found = processes.filter((each) => tree.includes(each.pid));
  return {
    cpuMs: found.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentMb: found.reduce((sum, { residentMb }) => sum + residentMb, 0),
  };
}

/** What the threads of one name have used of the processors, in milliseconds; `main` is the one that the process began with. */
export function threadUsageOf(pid: number, name: string): number {
  return readdirSync(`/proc/${pid}/task`)
    .filter((thread) => (thread === String(pid) ? "main" : threadName(pid, thread)) === name)
    .reduce((sum, thread) => sum + readThread(pid, thread), 0);
}

function threadName(pid: number, thread: string): string {
  return readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim();
}

/** @see {@link https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat | /proc/PID/schedstat} */
function readThread(pid: number, thread: string): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
  return Number(nanoseconds) / 1e6;
}

interface ProcessUsage extends Usage {
  readonly pid: number;
  readonly parent: number;
}

function readProcesses(): readonly ProcessUsage[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parse(Number(name), readFileSync(`/proc/${name}/stat`, "utf8"))];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** @see {@link https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html} */
function parse(pid: number, stat: string): ProcessUsage {
  // The name before the last bracket may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (place: number) => Number(fields[place - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return {
    pid,
    parent: field(4),
    cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
    residentMb: (field(24) * 4096) / 2 ** 20,
  };
}
