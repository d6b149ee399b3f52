import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";

/** The machine in a line, for whoever compares figures. */
export function describeMachine(postgres: string): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  const system = `${distribution()} (${type()} ${release()})`;
  return `${cpus().length} x ${first?.model.trim() ?? "?"}, ${memory}, ${system}, Node ${process.versions.node}, ${postgres}, load ${load} at the start`;
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  } catch {
    return process.platform;
  }
}
