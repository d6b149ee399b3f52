import { spawn, spawnSync } from "node:child_process";

import { cliCommand, processEnvironment } from "./cli-command.ts";

/** Whether `script` of util-linux is there to give a pseudo-terminal: `test.skipIf(!hasTerminal)`. */
export const hasTerminal: boolean = String(spawnSync("script", ["--version"]).stdout).includes("util-linux");

export interface TerminalResult {
  readonly exitCode: number | null;
  /** All that the terminal got, standard output and standard error alike. */
  readonly screen: string;
}

/** Runs the command line on a pseudo-terminal; its exit status is the command's. */
export async function runInTerminal(
  argv: readonly string[],
  {
    cwd,
    env = {},
    typed,
  }: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** What a person types; default: nobody is there. */
    readonly typed?: string;
  },
): Promise<TerminalResult> {
  const command = [...cliCommand(), ...argv].map(quoted).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd,
    env: { ...processEnvironment(), HOME: cwd, TERM: "xterm", SHELL: "/bin/sh", ...env },
    stdio: [typed === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(typed);
  let screen = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { exitCode, screen };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
