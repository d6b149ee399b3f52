import type { RebasePlan, Reparented } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { rewriteFiles } from "../../revisions/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { UsageError } from "../errors.ts";
import { provableMigrations } from "../provable-migrations.ts";
import { proveRebase, type RebaseProof } from "../rebase/prove-rebase.ts";
import { headRewrites, rebasedMigrations } from "../rebase/rebased-migrations.ts";
import { refuseApplied } from "../rebase/refuse-applied.ts";
import { plural, versionList } from "../words.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: revisions, options, output } = context;
  const onto = textOption(options, "onto");
  if (onto === undefined)
    throw new UsageError("--onto is missing", "name what the revisions are to revise: `--onto TARGET`");
  const workspace = await context.workspace();
  const before = workspace.migrations();
  const plan = before.graph.rebase(revisions, { onto });
  if (plan.changes.length === 0) {
    output.info(`Nothing to move: ${plan.moved[0] ?? ""} stands on ${versionList(plan.onto)} already.`);
    return { json: { ...document(plan, before), asked: [], proof: null } };
  }
  // A graph that does not hold is told before a database is asked.
  rebasedMigrations(before, plan);
  const asked = await refuseApplied(plan, workspace);
  if (asked.length === 0)
    output.note("no database was asked whether it has these revisions: give --url, or set DATABASE_URL");
  const provable = await provableMigrations(before, workspace, context);
  const rebased = { ...provable, migrations: rebasedMigrations(provable.migrations, plan) };
  const proof = await proveRebase({ rebased, before: provable, plan, workspace }, context);
  const isPlan = flagOption(options, "plan");
  if (!isPlan) rewriteFiles(workspace.place.folders[0] ?? workspace.folder, headRewrites(before, plan));
  return {
    lines: [...lines(plan, before, isPlan), proofLine(proof)],
    json: { ...document(plan, before), asked, proof: proofDocument(proof) },
  };
}

function lines({ changes, moved }: RebasePlan, { files }: Migrations, isPlan: boolean): string[] {
  const revised = isPlan ? "would revise" : "revises";
  const others = moved.filter((id) => !changes.some(({ revision }) => revision === id));
  return [
    ...changes.map(({ revision, from, to }) => {
      const path = files.get(revision)?.path ?? "";
      return `${revision} ${revised} ${versionList(to)} (before: ${versionList(from)}), ${path}`;
    }),
    ...(others.length === 0 ? [] : [`moved along: ${others.join(", ")}`]),
    ...changes
      .filter(joinsNothing)
      .map(
        ({ revision }) => `${revision} joins nothing any more; where it has no statements, it is not needed`,
      ),
  ];
}

/** A merge whose one side now stands on the other. */
function joinsNothing({ from, to }: Reparented): boolean {
  return from.length > 1 && to.length === 1;
}

function proofLine(proof: RebaseProof): string {
  if (proof.kind === "unproved") return `not proved: ${proof.reason}`;
  const { revisions, failOnRows, version } = proof;
  const but = failOnRows.map(({ revision }) => revision).join(", ");
  const onRows =
    but === "" ? "on tables with rows" : `on tables with rows, but for ${but}, on empty ones alone as before`;
  return `proved: ${plural(revisions.length, "revision")} from base run in this order, ${onRows} (Postgres ${version})`;
}

function proofDocument(proof: RebaseProof): unknown {
  if (proof.kind === "unproved") return { proved: false, reason: proof.reason };
  const { revisions, version } = proof;
  return { proved: true, order: revisions, version };
}

function document(plan: RebasePlan, { files }: Migrations): Record<string, unknown> {
  return {
    onto: plan.onto,
    changes: plan.changes.map(({ revision, from, to }) => ({
      revision,
      path: files.get(revision)?.path,
      from,
      to,
    })),
    moved: plan.moved,
  };
}
