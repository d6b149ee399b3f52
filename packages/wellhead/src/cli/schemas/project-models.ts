import { ModelsMissingError, readModels, type Models } from "../../models/index.ts";
import type { Workspace } from "../workspace.ts";

/** The tables that are nobody's model: where Wellhead keeps its own. */
export function ownTables({
  versionTable: { versionTable = "alembic_version" },
}: Workspace): readonly string[] {
  return [versionTable, "wellhead_ledger"];
}

/**
 * The models that the configuration names.
 *
 * @param wanted who asks, for the error
 * @throws {ModelsMissingError} `E_MODELS_MISSING`
 */
export async function projectModels(
  workspace: Workspace,
  {
    wanted,
    cwd,
    signal,
  }: { readonly wanted: string; readonly cwd: string; readonly signal: AbortSignal | undefined },
): Promise<Models> {
  const { configuration, folder } = workspace;
  if (configuration.models === undefined) throw new ModelsMissingError(wanted);
  return await readModels(configuration.models, { folder, cwd, signal });
}
