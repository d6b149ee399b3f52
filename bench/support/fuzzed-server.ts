import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../backend/server.ts", import.meta.url));

export interface FuzzedServer {
  readonly url: string;
  readonly output: () => string;
  readonly isAlive: () => boolean;
  /** What the process holds in memory now; of Linux alone, elsewhere 0. */
  readonly residentMegabytes: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts the backend from the sources, as `npm start` does, on a port that is free. */
export async function startFuzzedServer(databaseUrl: string): Promise<FuzzedServer> {
  const child = spawn(process.execPath, ["--conditions=wellhead-source", SERVER, "--upgrade", "heads"], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", DATABASE_URL: databaseUrl, UV_THREADPOOL_SIZE: "8" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.on("close", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const [, found] = /^Listening on (http:\S+)$/m.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
  });
  return {
    url,
    output: () => output,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    residentMegabytes: () => residentMegabytes(child.pid),
    stop: async () => {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const [, kilobytes = "0"] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}
