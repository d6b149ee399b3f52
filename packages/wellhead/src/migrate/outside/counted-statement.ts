import { watchBlockers, type Blocker } from "../blockers.ts";
import { withRetries } from "../retry.ts";
import { countStatement, type LedgerLine } from "./ledger-line.ts";
import { tagOf } from "./left-running.ts";
import type { OutsideRun, Position } from "./outside-run.ts";

/**
 * Runs a statement and the count of it as one transaction, again while it fails with what another try can heal. It
 * fails with 25001 where Postgres does not let the statement be in one.
 */
export async function runCounted(run: OutsideRun, line: LedgerLine, position: Position): Promise<void> {
  const { database, session, step, place, options, emit } = run;
  const { statement, index, counted, settings } = position;
  const tag = tagOf(place.state, step.info.revision);
  const script = [
    `${tag} ${place.settings}`,
    countStatement(line, counted, index + 1),
    ...(settings === "" ? [] : [settings]),
    statement.text,
    session.resetSettings,
  ].join(";\n");
  let blockers: readonly Blocker[] = [];
  const attempt = async (): Promise<void> => {
    // Without a session to spare nobody can look on.
    const watch = database.maxSessions < 3 ? undefined : watchBlockers(database, { tag }, options);
    try {
      await session.run(script);
    } finally {
      blockers = (await watch?.stop()) ?? [];
    }
  };
  await withRetries(options, emit, attempt, () => blockers);
}
