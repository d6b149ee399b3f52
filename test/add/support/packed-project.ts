import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../../support/migrations-folder.ts";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));

/** A project outside the workspace that has the package as it would be published, and can install nothing: no network is needed. */
export interface PackedProject {
  readonly folder: string;
  /** Runs a command of the project's `node_modules/.bin`; standard output and standard error in one. */
  readonly run: (command: string, ...argv: readonly string[]) => { status: number | null; output: string };
}

/** Packs the package, unpacks it into a folder's `node_modules`, and lends it everything else that is installed here. */
export function packedProject(env: Readonly<Record<string, string>> = {}): PackedProject {
  const folder = temporaryFolder();
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "wellhead"), { recursive: true });
  done(
    "npm",
    ["pack", "--ignore-scripts", "--pack-destination", folder, "--workspace=packages/wellhead"],
    workspace,
  );
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  done(
    "tar",
    ["-xzf", join(folder, tarball), "--strip-components=1", "-C", join(modules, "wellhead")],
    folder,
  );
  rmSync(join(folder, tarball));
  for (const name of readdirSync(join(workspace, "node_modules"))) {
    if (name === "wellhead" || name === "wellhead-backend" || name.startsWith(".cache")) continue;
    symlinkSync(join(workspace, "node_modules", name), join(modules, name));
  }
  const bin = join(modules, ".bin");
  return {
    folder,
    run: (command, ...argv) => {
      const { status, stdout, stderr } = spawnSync(command, argv, {
        cwd: folder,
        env: { PATH: `${bin}:${process.env["PATH"]}`, HOME: folder, ...env },
        encoding: "utf8",
      });
      return { status, output: stdout + stderr };
    },
  };
}

function done(command: string, argv: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, argv, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${argv.join(" ")}: ${stderr}`);
}
