import type { CommuteProof, GroupProof, PairProof } from "../../prove/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { HeadsDoNotCommuteError, UsageError } from "../errors.ts";
import { provableMigrations } from "../provable-migrations.ts";
import type { Workspace } from "../workspace.ts";
import { refusalLines, unprovedText } from "./proof-text.ts";
import { proveHeads } from "./prove-heads.ts";
import { groupRemedy, remedyFor } from "./remedy.ts";

/** The errors that say that a proof cannot run, and nothing of whether heads commute. */
const CANNOT_RUN = [
  "E_ALEMBIC_MISSING",
  "E_ALEMBIC_SQL",
  "E_PROOF_BASE",
  "E_SCRATCH_EXTENSION",
  "E_DB_EMBEDDED_FAILED",
  "E_DB_STATEMENT_LIMIT",
];

/**
 * Proves heads that a new revision is to join, and says what to write into its head.
 *
 * @returns undefined where there is nothing to prove, or nothing to write: it was then said why
 * @throws HeadsDoNotCommuteError E_HEADS_CONFLICT, E_HEADS_ORDER_DEPENDENT
 */
export async function proofOfJoining(
  heads: readonly string[],
  context: CommandContext,
  workspace: Workspace,
): Promise<string | undefined> {
  const { options, output } = context;
  const acceptsIds = acceptedDifference(textOption(options, "accept"));
  if (heads.length < 2) return undefined;
  if (flagOption(options, "unproved")) return "no, written with --unproved";
  const proof = await proofOf(heads, context, workspace);
  if (proof instanceof WellheadError) {
    output.note(`not proved: ${proof.message}`);
    if (proof.hint !== undefined) output.note(`hint: ${proof.hint}`);
    return undefined;
  }
  const { pairs, groups = [], unproved = [], leftOut = [] } = proof;
  refuse(proof, acceptsIds);
  for (const pair of unproved) output.note(`not proved: ${unprovedText(pair)}`);
  if (unproved.length > 0) return undefined;
  if (pairs.length === 0) return undefined;
  const butForIds = acceptsIds && [...pairs, ...groups].some(isOnlyIds) ? ", but for ids" : "";
  const without =
    leftOut.length === 0 ? "" : `, without ${leftOut.join(", ")}, of which nobody could see what it runs`;
  const proved = `commute: ${heads.join(", ")}${butForIds}${without}`;
  output.info(`proved: ${proved}`);
  return proved;
}

/** The proof, or the error that says why there can be none. */
async function proofOf(
  heads: readonly string[],
  context: CommandContext,
  workspace: Workspace,
): Promise<CommuteProof | WellheadError> {
  const migrations = workspace.migrations();
  const serverUrl = textOption(context.options, "scratchUrl");
  const scratch = projectScratch(migrations.files, { serverUrl, signal: context.interruption() });
  try {
    const provable = await provableMigrations(migrations, workspace, context);
    return await proveHeads({ provable, workspace, scratch, heads }, context);
  } catch (error) {
    if (!(error instanceof WellheadError) || !CANNOT_RUN.includes(error.code)) throw error;
    return error;
  } finally {
    await scratch.close();
  }
}

function refuse({ pairs, groups = [] }: CommuteProof, acceptsIds: boolean): void {
  const holds = (each: PairProof | GroupProof): boolean =>
    each.verdict === "commute" || (acceptsIds && isOnlyIds(each));
  const bad = {
    pairs: pairs.filter((pair) => !holds(pair)),
    groups: groups.filter((group) => !holds(group)),
  };
  const [pair] = bad.pairs;
  const [group] = bad.groups;
  if (pair === undefined && group === undefined) return;
  const remedy = pair === undefined ? groupRemedy() : remedyFor(pair);
  throw new HeadsDoNotCommuteError(bad.pairs, bad.groups, refusalLines(bad), remedy);
}

function isOnlyIds({ onlyIds }: PairProof | GroupProof): boolean {
  return onlyIds === true;
}

/** @throws UsageError for what cannot be accepted */
function acceptedDifference(accepted: string | undefined): boolean {
  if (accepted === undefined || accepted === "ids") return accepted === "ids";
  throw new UsageError(
    `--accept cannot be "${accepted}"`,
    "say ids: which row gets which id does not matter then",
  );
}
