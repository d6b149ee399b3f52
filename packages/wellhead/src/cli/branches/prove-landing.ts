import { proveReplay, type CommuteProof } from "../../prove/index.ts";
import type { SharedScratch } from "../check/project-scratch.ts";
import type { CommandContext } from "../command.ts";
import { proveHeads } from "../prove/prove-heads.ts";
import { projectSeed } from "../prove/proof-options.ts";
import { tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
import { planLanding, withRef, type Landing } from "./landing.ts";
import type { UnitedBranches } from "./unite-branches.ts";

/** The branches, and what is proved of their heads as they are. */
export interface ProveLandingOptions {
  readonly united: UnitedBranches;
  readonly provable: ProvableMigrations;
  readonly commute: CommuteProof;
  readonly workspace: Workspace;
  readonly scratch: SharedScratch;
}

/** In which order the branches can land, proved with the revisions as they are then. */
export async function proveLanding(
  { united, provable, commute, workspace, scratch }: ProveLandingOptions,
  context: Pick<CommandContext, "cwd" | "output" | "interruption">,
): Promise<Landing> {
  const landing = planLanding(united, provable.migrations, commute);
  // Heads that commute have all run; a single one has not.
  if (landing.kind === "none" || (landing.kind === "any" && commute.pairs.length > 0)) return landing;
  const then = landing.kind === "order" ? { ...provable, migrations: landing.migrations } : provable;
  return await tellingUnseen(then, async () => {
    const { migrations, unseen } = then;
    const seed = projectSeed(workspace, context.cwd);
    const replay = await proveReplay({ migrations, to: migrations.graph.heads(), unseen, seed, scratch });
    const error = replay?.error;
    if (error !== undefined) return { kind: "none", heads: [withRef(error.revision, united)], error };
    if (landing.kind === "any") return landing;
    const { pairs, groups = [] } = await proveHeads({ provable: then, workspace, scratch }, context);
    const isProved = [...pairs, ...groups].every(({ verdict }) => verdict === "commute");
    return isProved ? landing : { kind: "none", heads: landing.order };
  });
}
