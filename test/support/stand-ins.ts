import { chmodSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

import { cliCommand, processEnvironment } from "./cli-command.ts";
import { temporaryFolder } from "./migrations-folder.ts";

/**
 * A folder for the PATH with commands that a machine for CI has and this one need not: shell scripts, by their names.
 * `npx` runs our command line from the sources.
 */
export function standIns(scripts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const wellhead = cliCommand()
    .map((word) => `'${word}'`)
    .join(" ");
  const npx = `while [ "$1" != wellhead ]; do shift; done\nshift\nexec ${wellhead} "$@"\n`;
  for (const [name, script] of Object.entries({ npx, ...scripts })) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

export interface ScriptRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as GitHub's `shell: bash` does, the stand-ins before all other commands. */
export function runScript(
  script: string,
  { cwd, commands, env = {} }: { cwd: string; commands: string; env?: Readonly<Record<string, string>> },
): ScriptRun {
  const own = processEnvironment();
  const file = join(temporaryFolder(), "script.sh");
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
    cwd,
    encoding: "utf8",
    env: { HOME: cwd, ...own, PATH: `${commands}${delimiter}${own["PATH"] ?? ""}`, ...env },
  });
  return { exitCode: status, stdout, stderr };
}
