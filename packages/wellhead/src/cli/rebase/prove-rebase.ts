import type { RebasePlan } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { proveReplay, type ReplayProof } from "../../prove/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { projectScratch } from "../check/project-scratch.ts";
import { flagOption, textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import { RebaseFailsError } from "../errors.ts";
import { tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import { mergeInstead } from "./merge-instead.ts";

/** The errors that say that a proof cannot run, and nothing against the new order. */
const CANNOT_RUN = [
  "E_ALEMBIC_MISSING",
  "E_ALEMBIC_SQL",
  "E_SCRATCH_EXTENSION",
  "E_DB_EMBEDDED_FAILED",
  "E_DB_STATEMENT_LIMIT",
];

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
    const { error } = proof;
    if (error === undefined) return { kind: "proved", ...proof };
    if (plan.moved.some((id) => id === error.revision))
      throw new RebaseFailsError(error, mergeInstead(before.graph, plan));
    const { revision, path, code, message } = error;
    const reason = `${revision} (${path}), which stays where it is, does not run on an empty database: ${message} (${code})`;
    return { kind: "unproved", reason };
  } catch (error) {
    if (error instanceof WellheadError && CANNOT_RUN.includes(error.code))
      return { kind: "unproved", reason: error.message };
    throw error;
  } finally {
    output.live.hide();
    await scratch.close();
  }
}
