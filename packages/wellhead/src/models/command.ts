import { spawn } from "node:child_process";
import { ModelsUnreadableError } from "./errors.ts";
import { withoutPsql } from "./sql-files.ts";
import type { SqlScript } from "./sql-script.ts";
import { withoutPasswords } from "./without-passwords.ts";

/** What a command prints, which is run by the shell; what it says on standard error goes into an error only. */
export async function commandScript(
  command: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<SqlScript> {
  const path = `\`${withoutPasswords(command)}\``;
  const { status, output, complaint } = await run(command, folder, signal);
  if (status !== 0) {
    throw new ModelsUnreadableError(
      path,
      `the command ended with ${status}.${complaint === "" ? "" : `\n${complaint}`}`,
      `run it in ${folder}: it must print the SQL of the whole schema and end with 0`,
    );
  }
  return { text: withoutPsql(output), path };
}

interface Ended {
  readonly status: number | string;
  readonly output: string;
  readonly complaint: string;
}

async function run(command: string, cwd: string, signal: AbortSignal | undefined): Promise<Ended> {
  const child = spawn(command, {
    cwd,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal !== undefined && { signal }),
  });
  const [output, complaint]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, name) => resolve(code ?? String(name)));
  });
  return { status, output: Buffer.concat(output).toString(), complaint: lastLines(Buffer.concat(complaint)) };
}

/** The end of what it complained of. */
function lastLines(text: Buffer): string {
  return withoutPasswords(text.toString().trim().split("\n").slice(-8).join("\n"));
}
