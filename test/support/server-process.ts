import { spawn } from "node:child_process";

import { onTestFinished } from "vitest";

/** A server in a process of its own, which says where it listens. */
export interface ServerProcess {
  /** Without a slash at the end. */
  readonly url: string;
  /** What it has printed so far, on both streams. */
  readonly output: () => string;
  /** Asks it to end; resolves to its exit status, or to the signal that ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
}

export interface ServerProcessOptions {
  readonly cwd: string;
  /** All that it gets beside PATH and a free port. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts it and waits for the line `Listening on URL`; it ends with the test. */
export async function startServer(
  [program, ...argv]: readonly [string, ...string[]],
  { cwd, env }: ServerProcessOptions,
): Promise<ServerProcess> {
  const child = spawn(program, argv, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    void ended.then((how) => reject(new Error(`${program} ended with ${how}:\n${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const [, found] = /^Listening on (http:\S+?)\/?$/m.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
  });
  return {
    url,
    output: () => output,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      return await ended;
    },
  };
}
