import type { RebasePlan } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { proveReplay, type ReplayProof, type RevisionFailure } from "../../prove/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { projectScratch } from "../check/project-scratch.ts";
import { flagOption, textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import { RebaseFailsError } from "../errors.ts";
import { projectSeed } from "../prove/proof-options.ts";
import type { ProvableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
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

/** What to prove of a rebase, and with what. */
export interface ProveRebaseOptions {
  /** The revisions as they are to be. */
  readonly rebased: ProvableMigrations;
  /** As they are. */
  readonly before: ProvableMigrations;
  readonly plan: RebasePlan;
  readonly workspace: Workspace;
}

/**
 * Runs the revisions that move in their new order, from base on, on tables with rows. One that fails on rows counts where it
 * did not in the order before.
 *
 * @throws RebaseFailsError E_REBASE_FAILS
 */
export async function proveRebase(
  { rebased, before, plan, workspace }: ProveRebaseOptions,
  { cwd, options, output, interruption }: CommandContext,
): Promise<RebaseProof> {
  if (flagOption(options, "unproved")) return { kind: "unproved", reason: "--unproved was given" };
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(rebased.migrations.files, { serverUrl, signal: interruption() });
  const seed = projectSeed(workspace, cwd);
  const replay = async ({ migrations, unseen }: ProvableMigrations): Promise<ReplayProof | undefined> =>
    await proveReplay({ migrations, to: lastOf(plan.moved, migrations), unseen, seed, scratch });
  try {
    output.live.show("Running the revisions in their new order");
    const proof = await replay(rebased);
    if (proof === undefined) return { kind: "unproved", reason: "there is nothing to run" };
    if (proof.unseen !== undefined) return { kind: "unproved", reason: proof.unseen.message };
    const isMoved = ({ revision }: RevisionFailure): boolean => plan.moved.some((id) => id === revision);
    const refused = (error: RevisionFailure): RebaseFailsError =>
      new RebaseFailsError(error, mergeInstead(before.migrations.graph, plan));
    const { error } = proof;
    if (error !== undefined) {
      if (isMoved(error)) throw refused(error);
      const { revision, path, code, message } = error;
      const reason = `${revision} (${path}), which stays where it is, does not run on an empty database: ${message} (${code})`;
      return { kind: "unproved", reason };
    }
    const onRows = proof.failOnRows.filter(isMoved);
    if (onRows.length > 0) {
      const known = (await replay(before))?.failOnRows.map(({ revision }) => revision) ?? [];
      const fresh = onRows.find(({ revision }) => !known.includes(revision));
      if (fresh !== undefined) throw refused(fresh);
    }
    return { kind: "proved", ...proof };
  } catch (error) {
    if (error instanceof WellheadError && CANNOT_RUN.includes(error.code))
      return { kind: "unproved", reason: error.message };
    throw error;
  } finally {
    output.live.hide();
    await scratch.close();
  }
}

/** Those on which no other of them stands. */
function lastOf(moved: readonly string[], { graph }: Migrations): readonly string[] {
  return moved.filter((id) => !graph.get(id).next.some((next) => moved.includes(next)));
}
