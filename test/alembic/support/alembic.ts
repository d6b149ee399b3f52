import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { describe } from "vitest";

import { testServers } from "../../support/test-database.ts";

const commands = fileURLToPath(new URL("alembic-commands.py", import.meta.url));

/** A Python that has Alembic and a driver for Postgres; Debian's is not always the first on the PATH. */
const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import alembic, psycopg2"]).status === 0,
);

/** A PATH on which the commands find that Alembic. */
export const pathWithAlembic: string = python === "python3" ? (process.env["PATH"] ?? "") : "/usr/bin:/bin";

/** `describe` where the real Alembic can run; elsewhere the tests show up as skipped, with the reason. */
export function describeWithAlembic(title: string, define: () => void): void {
  const missing =
    python === undefined
      ? "no Alembic here: apt-get install python3-alembic python3-psycopg2"
      : testServers.length === 0
        ? "no Postgres for this platform"
        : undefined;
  if (missing === undefined) describe(title, define);
  else describe.skip(`${title} (skipped: ${missing})`, define);
}

interface AlembicAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real Alembic, in a process that stays for many commands. */
export interface Alembic {
  /** Runs a command line as `alembic …` in the folder. */
  run(argv: readonly string[], cwd: string, url: string): Promise<AlembicAnswer>;
  close(): void;
}

export function startAlembic(): Alembic {
  const child = spawn(python ?? "python3", [commands], {
    env: { PATH: process.env["PATH"] ?? "", PYTHONIOENCODING: "utf-8", PYTHONHASHSEED: "0" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: { resolve(answer: AlembicAnswer): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line)));
  child.on("exit", () => {
    for (const { reject } of waiting) reject(new Error("Alembic's process ended"));
  });
  return {
    run: async (argv, cwd, url) =>
      await new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ argv, cwd, url })}\n`);
      }),
    close: () => child.stdin.end(),
  };
}
