import { RevisionGraph } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { isFine, proveRoundTrips, type CommuteProof, type RoundTrip } from "../../prove/index.ts";
import { landingDocument, landingLines } from "../branches/landing-text.ts";
import { checkPatchOption, withPatch } from "../branches/patch-option.ts";
import { proveLanding } from "../branches/prove-landing.ts";
import { uniteBranches, type UnitedBranches } from "../branches/unite-branches.ts";
import { branchesText } from "../check/branches-section.ts";
import { projectScratch } from "../check/project-scratch.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, listOption, textOption } from "../command-options.ts";
import { errorFacts } from "../error-text.ts";
import { commuteLines } from "../prove/proof-text.ts";
import { proveRows, rowsDocument, rowsLines, runsOnRows } from "../prove/prove-rows.ts";
import { proveHeads } from "../prove/prove-heads.ts";
import { roundTripLines } from "../prove/round-trip-text.ts";
import { unseenDocument, unseenIn, unseenLines, type UnseenRevision } from "../prove/unseen-text.ts";
import { leftOut, provableMigrations, tellingUnseen } from "../provable-migrations.ts";
import { revisionsAmong } from "../words.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: named, options, cwd } = context;
  checkPatchOption(options);
  const workspace = await context.workspace();
  const refs = listOption(options, "git");
  const own = workspace.migrations();
  const united = refs.length === 0 ? undefined : uniteBranches([...own.files.values()], refs, workspace, cwd);
  const migrations = united === undefined ? own : migrationsOf(united);
  const { graph } = migrations;
  const revisions = named.flatMap((target) => revisionsAmong(graph.resolve(target)));
  const heads = revisions.length > 0 ? [...new Set(revisions)] : graph.heads({ resolveDependencies: true });
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(migrations.files, { serverUrl, signal: context.interruption() });
  try {
    const provable = await provableMigrations(migrations, workspace, context, { downgrades: true });
    const exact = flagOption(options, "exact");
    // Before the heads, whose proof commits to its scratch database: then one does for both.
    const rows = await proveRows({ provable, workspace, scratch, heads }, context);
    const commute = await proveHeads({ provable, workspace, scratch, heads, exact }, context);
    const roundTrips = await tellingUnseen(provable, async () =>
      proveRoundTrips({
        migrations: provable.migrations,
        ...(revisions.length > 0 && { revisions: heads }),
        unseen: leftOut(provable),
        scratch: await scratch.spend(),
        onRevision: (revision) => context.output.live.show(`Proving: round trip of ${revision}`),
        signal: context.interruption(),
      }),
    );
    context.output.live.hide();
    const proofs = { heads, commute, rows, roundTrips, unseen: unseenIn(provable, heads) };
    if (united === undefined) return outcomeOf(proofs, context);
    const landing = await proveLanding({ united, provable, commute, workspace, scratch }, context);
    const outcome = withBranches(outcomeOf(proofs, context), united, context);
    return withPatch(
      {
        ...outcome,
        lines: [...(outcome.lines ?? []), ...landingLines(landing, context.output.style)],
        json: { ...outcome.json, landing: landingDocument(landing) },
        exitCode: landing.kind === "none" ? 1 : (outcome.exitCode ?? 0),
      },
      landing.kind === "order" ? landing.patch : undefined,
      context,
    );
  } finally {
    united?.close();
    await scratch.close();
  }
}

interface ProofOutcome extends CommandOutcome {
  readonly json: object;
}

/** What was proved, and of which heads. */
interface Proofs {
  readonly heads: readonly string[];
  readonly commute: CommuteProof;
  readonly rows: Awaited<ReturnType<typeof proveRows>>;
  readonly roundTrips: readonly RoundTrip[];
  /** What nobody can see of them. */
  readonly unseen: readonly UnseenRevision[];
}

function outcomeOf(
  { heads, commute, rows, roundTrips, unseen }: Proofs,
  { output }: CommandContext,
): ProofOutcome {
  return {
    lines: [
      ...headLines(heads),
      ...commuteLines(commute, output.style),
      ...roundTripLines(roundTrips, output.style),
      ...rowsLines(rows, output.style),
      ...unseenLines(unseen, output.style),
    ],
    json: {
      ...commute,
      roundTrips,
      rows: rows.map(rowsDocument),
      ...(unseen.length > 0 && { unseen: unseen.map(unseenDocument) }),
    },
    exitCode:
      unseen.length === 0 && isProved(commute) && roundTrips.every(isFine) && rows.every(runsOnRows) ? 0 : 1,
  };
}

/** The same, with the branches that were taken in and what a merge of them would stumble over. */
function withBranches(
  outcome: ProofOutcome,
  united: UnitedBranches,
  { output }: CommandContext,
): ProofOutcome {
  const { branches, revisions, problems } = united;
  return {
    lines: [
      `The work tree with ${branchesText(united)}`,
      ...problems.flatMap((problem) => {
        const { message, hint } = errorFacts(problem);
        return [
          `${output.style("red", "failed")} ${message}`,
          ...(hint === undefined ? [] : [`  hint: ${hint}`]),
        ];
      }),
      ...(outcome.lines ?? []),
    ],
    json: {
      ...outcome.json,
      branches: branches.map(({ ref, commit }) => ({
        ref,
        commit,
        revisions: revisions.filter(({ refs }) => refs.includes(ref)).map(({ file }) => file.revision),
      })),
      problems,
    },
    exitCode: problems.length > 0 ? 1 : (outcome.exitCode ?? 0),
  };
}

function migrationsOf({ revisions }: UnitedBranches): Migrations {
  const files = revisions.map(({ file }) => file);
  return { graph: RevisionGraph.of(files), files: new Map(files.map((file) => [file.revision, file])) };
}

function headLines(heads: readonly string[]): string[] {
  const [only] = heads;
  if (only === undefined) return ["There are no revisions: nothing to prove."];
  return heads.length === 1 ? [`One head, ${only}: there is no other order than the one it has.`] : [];
}

function isProved({ pairs, groups = [], unproved = [] }: CommuteProof): boolean {
  return unproved.length === 0 && [...pairs, ...groups].every(({ verdict }) => verdict === "commute");
}
