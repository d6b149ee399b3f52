import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { onTestFinished } from "vitest";

/** A process that runs `child.ts`. */
export interface Child {
  readonly pid: number;
  /** Its lines so far. */
  lines(): readonly string[];
  /** The next line that it prints, or the empty string when it ends. */
  nextLine(): Promise<string>;
  /** Lets it end by itself. */
  end(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts `child.ts` with a command and its arguments; it is killed when the test has finished. */
export function startChild(...args: readonly string[]): Child {
  const script = fileURLToPath(new URL("child.ts", import.meta.url));
  const process_ = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  let rest = "";
  let read = 0;
  let wake = () => {};
  process_.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    wake();
  });
  const ended = new Promise<void>((resolve) => process_.once("close", () => resolve()));
  onTestFinished(() => killed(process_, ended));
  return {
    pid: process_.pid ?? 0,
    lines: () => lines,
    async nextLine() {
      while (read >= lines.length && process_.exitCode === null && process_.signalCode === null) {
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ended]);
      }
      return lines[read++] ?? "";
    },
    async end() {
      process_.stdin.end();
      await ended;
    },
    kill: () => killed(process_, ended),
  };
}

async function killed(process_: ChildProcess, ended: Promise<void>): Promise<void> {
  process_.kill("SIGKILL");
  await ended;
}
