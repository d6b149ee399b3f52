import { RevisionGraph } from "../../graph/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { proveLanding } from "../branches/prove-landing.ts";
import { lockModeOption, textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import { proveHeads } from "../prove/prove-heads.ts";
import { isUnseen, provableMigrations } from "../provable-migrations.ts";
import {
  findingOf,
  type CheckSection,
  type CheckSubject,
  type LoadedSubject,
  type SectionOutcome,
} from "./check-section.ts";
import { locksSection } from "./locks-section.ts";
import { projectScratch, type SharedScratch } from "./project-scratch.ts";
import { rehearseSubject } from "./rehearse-subject.ts";
import type { SectionReport } from "./report.ts";
import { roundTripSection } from "./round-trip-section.ts";
import { rowsSection } from "./rows-section.ts";

/** They look at single revisions, which takes about as long as all that is asked of the heads and of the whole. */
const onRevisions: readonly CheckSection[] = [rowsSection, locksSection, roundTripSection];

/**
 * Runs the sections in two lines, each one after the other on a scratch database of its own, which is a thread and is
 * opened for the first that needs it.
 */
export async function runSections(
  sections: readonly CheckSection[],
  loaded: LoadedSubject,
  context: CommandContext,
): Promise<readonly SectionReport[]> {
  const { options, output, cwd, interruption } = context;
  const { workspace, migrations = { graph: RevisionGraph.of([]), files: new Map() } } = loaded;
  const signal = interruption();
  const serverUrl = textOption(options, "scratchUrl");
  const newScratch = () => projectScratch(migrations.files, { serverUrl, signal });
  const [scratch, revisionsScratch] = [newScratch(), newScratch()];
  const provable = once(async () => provableMigrations(migrations, workspace, context, { downgrades: true }));
  const commute = once(async () => proveHeads({ provable: await provable(), workspace, scratch }, context));
  const maxLock = lockModeOption(options, "maxLock");
  const measuresStatements = maxLock !== undefined && sections.includes(locksSection);
  const since = textOption(options, "since");
  const rehearsal = once(async () =>
    rehearseSubject(loaded, { since, measuresStatements, cwd, provable, scratch: revisionsScratch }),
  );
  const { united } = loaded;
  const landing = once(async () => {
    if (united === undefined) return undefined;
    const proofs = { provable: await provable(), commute: await commute() };
    return await proveLanding({ united, ...proofs, workspace, scratch }, context);
  });
  const proofs = { provable, commute, landing, rehearsal };
  const outcomes = new Map<CheckSection, SectionOutcome>();
  const runInTurn = async (line: readonly CheckSection[], { open, spend }: SharedScratch): Promise<void> => {
    for (const section of line) {
      const { name } = section;
      const tell = (doing: string): void => output.live.show(`Checking ${name}: ${doing}`);
      output.live.show(`Checking ${name}`);
      const shared = { scratch: open, emptyScratch: spend, ...proofs };
      outcomes.set(section, await outcomeOf(section, { ...loaded, ...shared, maxLock, tell, signal }));
    }
  };
  try {
    const areOnRevisions = (wanted: boolean): readonly CheckSection[] =>
      sections.filter((section) => onRevisions.includes(section) === wanted);
    const onWhole = async (): Promise<void> => await runInTurn(areOnRevisions(false), scratch);
    const onEach = async (): Promise<void> => await runInTurn(areOnRevisions(true), revisionsScratch);
    if (serverUrl === undefined) await allDone([onWhole(), onEach()]);
    else {
      // Both would create the same roles, of which a server has one set.
      await onWhole();
      await scratch.close();
      await onEach();
    }
    return sections.flatMap((section): SectionReport[] => {
      const outcome = outcomes.get(section);
      return outcome === undefined ? [] : [{ name: section.name, outcome }];
    });
  } finally {
    output.live.hide();
    united?.close();
    await Promise.all([scratch.close(), revisionsScratch.close()]);
  }
}

/** A Python project is not held to what can only be seen where its Alembic is. */
async function outcomeOf({ run, failed }: CheckSection, subject: CheckSubject): Promise<SectionOutcome> {
  try {
    return await run(subject);
  } catch (error) {
    if (!(error instanceof WellheadError) || failed === undefined) throw error;
    if (isUnseen(error)) return { kind: "skipped", reason: [error.message, error.hint].join(" ").trimEnd() };
    return { kind: "looked", findings: [findingOf(error)], summary: failed };
  }
}

/** Waits for all of them, whatever becomes of one; then throws the first failure. */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** The answer of the first time, whoever asks again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return async () => await (answer ??= work());
}
