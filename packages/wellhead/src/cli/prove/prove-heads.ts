import { proveCommute, type CommuteProof } from "../../prove/index.ts";
import type { SharedScratch } from "../check/project-scratch.ts";
import type { CommandContext } from "../command.ts";
import { leftOut, tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
import { projectSeed } from "./proof-options.ts";
import { proveEventText } from "./prove-progress.ts";

/** What is proved, and of which revisions. */
export interface ProveHeadsOptions {
  readonly provable: ProvableMigrations;
  readonly workspace: Workspace;
  readonly scratch: SharedScratch;
  /** Default: all heads. */
  readonly heads?: readonly string[];
  /** Every order of three and more; default: where pairs do not tell all. */
  readonly exact?: boolean;
}

/** Proves that heads of a project commute, with its own rows where it has some, and tells on a terminal how far it is. */
export async function proveHeads(
  { provable, workspace, scratch, heads, exact }: ProveHeadsOptions,
  { cwd, output, interruption }: Pick<CommandContext, "cwd" | "output" | "interruption">,
): Promise<CommuteProof> {
  try {
    return await tellingUnseen(provable, async () =>
      proveCommute({
        migrations: provable.migrations,
        ...(heads !== undefined && { heads }),
        seed: projectSeed(workspace, cwd),
        unseen: leftOut(provable),
        scratch: scratch.spend,
        ...(exact === true && { exact }),
        onEvent: (event) => output.live.show(`Proving: ${proveEventText(event)}`),
        signal: interruption(),
      }),
    );
  } finally {
    output.live.hide();
  }
}
