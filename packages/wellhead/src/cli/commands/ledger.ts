import { acceptEdited, readLedger, RevisionNotAppliedError, type LedgerLine } from "../../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../errors.ts";
import { withProgress } from "../progress.ts";
import { columns, milliseconds } from "../words.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const [action, ...revisions] = context.arguments;
  if (action === undefined) return await list(context);
  if (action !== "accept")
    throw new UsageError(`"${action}" is nothing that ledger does`, "say `wellhead ledger accept REV`");
  if (revisions.length === 0)
    throw new UsageError(
      "missing the revisions to accept",
      "name them; `wellhead status` lists the edited ones",
    );
  return await accept(revisions, context);
}

async function list({ output, workspace }: CommandContext): Promise<CommandOutcome> {
  const place = await workspace();
  const migrations = place.migrations();
  const lines = place.hasDatabase()
    ? await readLedger({ ...place.databaseOptions, ...place.versionTable, migrations })
    : [];
  if (lines.length === 0) output.note("the ledger is empty: Wellhead has not changed this database yet");
  return { lines: columns(lines.map(cells)), json: { lines } };
}

function cells(line: LedgerLine): string[] {
  return [
    line.startedAt,
    line.direction,
    line.revision,
    line.durationMs === null ? `unfinished, ${line.statementsDone ?? 0} done` : milliseconds(line.durationMs),
    line.checksumState === "none" ? "-" : line.checksumState,
    line.appliedBy,
    line.wellheadVersion,
  ];
}

async function accept(
  revisions: readonly string[],
  { output, workspace }: CommandContext,
): Promise<CommandOutcome> {
  const place = await workspace();
  if (!place.hasDatabase()) throw new RevisionNotAppliedError(revisions, []);
  const result = await withProgress(output, async (onEvent) => {
    const migrations = place.migrations();
    return await acceptEdited({
      ...place.databaseOptions,
      ...place.versionTable,
      migrations,
      revisions,
      onEvent,
    });
  });
  for (const revision of result.accepted) output.info(`${revision}: its text is taken for the applied one.`);
  for (const revision of result.unedited)
    output.info(`${revision}: not edited since it was applied; nothing to accept.`);
  return { json: result };
}
