import { RevisionGraph } from "../../graph/index.ts";
import { proveLanding } from "../branches/prove-landing.ts";
import { lockModeOption, textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import { proveHeads } from "../prove/prove-heads.ts";
import { provableMigrations } from "../provable-migrations.ts";
import type { CheckSection, LoadedSubject } from "./check-section.ts";
import { locksSection } from "./locks-section.ts";
import { projectScratch } from "./project-scratch.ts";
import { rehearseSubject } from "./rehearse-subject.ts";
import type { SectionReport } from "./report.ts";

/** Runs the sections one after the other, on one scratch database, which is opened for the first that needs it. */
export async function runSections(
  sections: readonly CheckSection[],
  loaded: LoadedSubject,
  context: CommandContext,
): Promise<readonly SectionReport[]> {
  const { options, output, cwd, interruption } = context;
  const { workspace, migrations = { graph: RevisionGraph.of([]), files: new Map() } } = loaded;
  const signal = interruption();
  const scratch = projectScratch(migrations.files, { serverUrl: textOption(options, "scratchUrl"), signal });
  const provable = once(async () => provableMigrations(migrations, workspace, context, { downgrades: true }));
  const commute = once(async () => proveHeads({ provable: await provable(), workspace, scratch }, context));
  const maxLock = lockModeOption(options, "maxLock");
  const measuresStatements = maxLock !== undefined && sections.includes(locksSection);
  const since = textOption(options, "since");
  const rehearsal = once(async () =>
    rehearseSubject(loaded, { since, measuresStatements, cwd, provable, scratch }),
  );
  const { united } = loaded;
  const landing = once(async () => {
    if (united === undefined) return undefined;
    const proofs = { provable: await provable(), commute: await commute() };
    return await proveLanding({ united, ...proofs, workspace, scratch }, context);
  });
  const reports: SectionReport[] = [];
  try {
    for (const { name, run } of sections) {
      const tell = (doing: string): void => output.live.show(`Checking ${name}: ${doing}`);
      output.live.show(`Checking ${name}`);
      const proofs = { provable, commute, landing, rehearsal };
      const shared = { scratch: scratch.open, emptyScratch: scratch.spend, ...proofs };
      reports.push({ name, outcome: await run({ ...loaded, ...shared, maxLock, tell, signal }) });
    }
    return reports;
  } finally {
    output.live.hide();
    united?.close();
    await scratch.close();
  }
}

/** The answer of the first time, whoever asks again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return async () => await (answer ??= work());
}
