import { spawn } from "node:child_process";
import { availableParallelism, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../backend/server.ts", import.meta.url));
const BARE_SERVER = fileURLToPath(new URL("bare-server.mjs", import.meta.url));

/** The backend as a process of its own, from the sources. */
export interface BackendProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it; resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when it is gone, whoever has ended it. */
  readonly ended: Promise<void>;
}

/** Starts the backend as `scripts/start.sh` does, on a free port, and resolves when it listens. */
export async function startBackend(databaseUrl: string): Promise<BackendProcess> {
  const flags = ["--max-semi-space-size=8", "--conditions=wellhead-source"];
  return await startServer(databaseUrl, [...flags, SERVER, "--upgrade", "heads"]);
}

/** Starts the least that does the same, to compare with. */
export async function startBareServer(databaseUrl: string): Promise<BackendProcess> {
  return await startServer(databaseUrl, [BARE_SERVER]);
}

async function startServer(databaseUrl: string, command: readonly string[]): Promise<BackendProcess> {
  const child = spawn(process.execPath, command, {
    cwd: tmpdir(),
    env: {
      PATH: process.env["PATH"] ?? "",
      PORT: "0",
      DATABASE_URL: databaseUrl,
      UV_THREADPOOL_SIZE: String(availableParallelism() + 4),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      // What comes after is the log of requests, which is read and thrown away.
      if (said.length < 100_000) said += text;
      const [, found] = /^Listening on (http:\S+)$/m.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`The backend ended without listening:\n${said}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
    ended,
  };
}
