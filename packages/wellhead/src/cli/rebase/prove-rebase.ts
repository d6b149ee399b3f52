import type { RebasePlan } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { proveReplay, type ReplayProof } from "../../prove/index.ts";
import { AlembicMissingError, AlembicSqlError } from "../../python/index.ts";
import { projectScratch } from "../check/project-scratch.ts";
import { flagOption, textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import { RebaseFailsError } from "../errors.ts";
import { tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import { mergeInstead } from "./merge-instead.ts";

/** What is known of the new order: it runs; or it was not tried, and why. */
export type RebaseProof =
  | ({ readonly kind: "proved" } & ReplayProof)
  | { readonly kind: "unproved"; readonly reason: string };

/**
 * Runs the revisions that move in their new order, from base on.
 *
 * @param rebased - the revisions as they are to be
 * @param before - the graph as it is, for the merge to make instead
 * @throws RebaseFailsError E_REBASE_FAILS
 */
export async function proveRebase(
  rebased: ProvableMigrations,
  plan: RebasePlan,
  before: Migrations,
  { options, output, interruption }: CommandContext,
): Promise<RebaseProof> {
  if (flagOption(options, "unproved")) return { kind: "unproved", reason: "--unproved was given" };
  const { migrations } = rebased;
  const signal = interruption();
  const scratch = projectScratch(migrations.files, { serverUrl: textOption(options, "scratchUrl"), signal });
  try {
    output.live.show("Running the revisions in their new order");
    const to = plan.moved.filter(
      (id) => !migrations.graph.get(id).next.some((next) => plan.moved.includes(next)),
    );
    const proof = await tellingUnseen(rebased, async () =>
      proveReplay({ migrations, to, ...scratch, signal }),
    );
    if (proof.error !== undefined) throw new RebaseFailsError(proof.error, mergeInstead(before.graph, plan));
    return { kind: "proved", ...proof };
  } catch (error) {
    // Nobody knows what these revisions run: that says nothing against the new order.
    if (error instanceof AlembicMissingError || error instanceof AlembicSqlError)
      return { kind: "unproved", reason: error.message };
    throw error;
  } finally {
    output.live.hide();
    await scratch.close();
  }
}
