import { rehearsePending, rowsProofs, type RowsProof } from "../../prove/index.ts";
import type { SharedScratch } from "../check/project-scratch.ts";
import type { CommandContext } from "../command.ts";
import { versionsOf } from "../current-versions.ts";
import type { Output } from "../output.ts";
import { tellingUnseen, type ProvableMigrations } from "../provable-migrations.ts";
import { plural } from "../words.ts";
import { projectSeed } from "./proof-options.ts";
import type { Workspace } from "../workspace.ts";

export interface ProveRowsOptions {
  readonly provable: ProvableMigrations;
  readonly workspace: Workspace;
  readonly scratch: SharedScratch;
  readonly heads: readonly string[];
}

/** Runs what is pending up to the heads on tables with rows. */
export async function proveRows(
  { provable, workspace, scratch, heads }: ProveRowsOptions,
  { cwd, output }: Pick<CommandContext, "cwd" | "output">,
): Promise<readonly RowsProof[]> {
  if (heads.length === 0) return [];
  const { migrations, unseen } = provable;
  const versions = await versionsOf(workspace);
  try {
    output.live.show("Proving: revisions on tables with rows");
    const rehearsal = await tellingUnseen(provable, async () =>
      rehearsePending({
        migrations,
        unseen,
        versions,
        target: heads,
        seed: projectSeed(workspace, cwd),
        scratch,
      }),
    );
    return rehearsal === undefined ? [] : await rowsProofs(rehearsal, migrations.graph);
  } finally {
    output.live.hide();
  }
}

/** Whether it runs, or may fail. */
export function runsOnRows({ ok, allowed }: RowsProof): boolean {
  return ok || allowed !== undefined;
}

/** As `--json` prints it. */
export function rowsDocument({ revision, ok, error, allowed }: RowsProof): unknown {
  return { revision, ok, ...(error !== undefined && { error }), ...(allowed !== undefined && { allowed }) };
}

/** For people: what fails, with the way out. */
export function rowsLines(proofs: readonly RowsProof[], style: Output["style"]): string[] {
  const failed = proofs.filter((proof) => !runsOnRows(proof));
  if (proofs.length > 0 && failed.length === 0)
    return [`${style("green", badge("rows"))} ${plural(proofs.length, "revision")} on tables with rows`];
  return failed.flatMap(({ revision, error, onRowsOnly, remedy }) => [
    `${style("red", badge(onRowsOnly === true ? "fails on rows" : "fails"))} ${revision}`,
    `    ${error?.path}${error?.line === undefined ? "" : `:${error.line}`}: ${error?.message} (${error?.code})`,
    ...(remedy === undefined ? [] : [`  hint: ${remedy}`]),
  ]);
}

/** As wide as the verdicts on heads. */
function badge(word: string): string {
  return word.padEnd("order-dependent".length);
}
