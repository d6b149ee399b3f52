import type { RebasePlan, Reparented } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { rewriteFiles } from "../../revisions/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { UsageError } from "../errors.ts";
import { rebasedMigrations } from "../rebase/rebased-migrations.ts";
import { refuseApplied } from "../rebase/refuse-applied.ts";
import { versionList } from "../words.ts";

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
    return { json: document(plan, before, []) };
  }
  const { rewrites } = rebasedMigrations(before, plan);
  const asked = await refuseApplied(plan, workspace);
  if (asked.length === 0)
    output.note("no database was asked whether it has these revisions: give --url, or set DATABASE_URL");
  const isPlan = flagOption(options, "plan");
  if (!isPlan) rewriteFiles(workspace.place.folders[0] ?? workspace.folder, rewrites);
  return { lines: lines(plan, before, isPlan), json: document(plan, before, asked) };
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
      .filter(isEmptied)
      .map(
        ({ revision, to }) =>
          `${revision} joins nothing any more: on ${versionList(to)} it is a revision like any other; where it is empty, it can be deleted`,
      ),
  ];
}

/** A merge whose one side now stands on the other. */
function isEmptied({ from, to }: Reparented): boolean {
  return from.length > 1 && to.length === 1;
}

function document(plan: RebasePlan, { files }: Migrations, asked: readonly string[]): unknown {
  return {
    onto: plan.onto,
    changes: plan.changes.map(({ revision, from, to }) => ({
      revision,
      path: files.get(revision)?.path,
      from,
      to,
    })),
    moved: plan.moved,
    asked,
  };
}
