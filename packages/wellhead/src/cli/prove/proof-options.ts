import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Seed } from "../../prove/index.ts";
import { SeedMissingError } from "../errors.ts";
import { shownPath, type Workspace } from "../workspace.ts";

/**
 * The project's own rows, where the configuration names a file of them.
 *
 * @throws SeedMissingError E_SEED_MISSING
 */
export function projectSeed({ configuration, folder }: Workspace, cwd: string): Seed | undefined {
  if (configuration.seed === undefined) return undefined;
  const file = resolve(folder, configuration.seed);
  const path = shownPath(cwd, file);
  try {
    return { path, text: readFileSync(file, "utf8") };
  } catch (error) {
    throw new SeedMissingError(path, error);
  }
}
