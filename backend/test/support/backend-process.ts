import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

import { onTestFinished } from "vitest";

import { nodeFlags, processEnvironment } from "./surroundings.ts";

const SERVER = fileURLToPath(new URL("../../server.ts", import.meta.url));

/** The backend as a process of its own, from the sources. */
export interface BackendProcess {
  /** Standard output so far. */
  stdout(): string;
  stderr(): string;
  /** Where it listens; fails when it ends without listening. */
  url(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts the server on a free port, with nothing of the tests' environment but PATH; it ends with the test. */
export function startBackend(
  env: Readonly<Record<string, string>>,
  argv: readonly string[] = ["--upgrade", "heads"],
): BackendProcess {
  const child = spawn(process.execPath, [...nodeFlags, SERVER, ...argv], {
    cwd: tmpdir(),
    env: { ...processEnvironment(), PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    url: async () =>
      await new Promise((resolve, reject) => {
        const look = (): void => {
          const [, url] = /^Listening on (http:\S+)$/m.exec(stdout) ?? [];
          if (url !== undefined) resolve(url);
        };
        child.stdout.on("data", look);
        void ended.then((how) => reject(new Error(`ended with ${how}:\n${stdout}${stderr}`)));
        look();
      }),
    kill: (signal) => child.kill(signal),
    ended,
  };
}
