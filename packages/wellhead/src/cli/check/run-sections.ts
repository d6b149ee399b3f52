import { textOption } from "../command-options.ts";
import type { CommandContext } from "../command.ts";
import type { CheckSection, LoadedSubject } from "./check-section.ts";
import { projectScratch } from "./project-scratch.ts";
import type { SectionReport } from "./report.ts";

/** Runs the sections one after the other, on one scratch database, which is opened for the first that needs it. */
export async function runSections(
  sections: readonly CheckSection[],
  loaded: LoadedSubject,
  { options, output, interruption }: CommandContext,
): Promise<readonly SectionReport[]> {
  const signal = interruption();
  const serverUrl = textOption(options, "scratchUrl");
  const scratch = projectScratch(loaded.migrations?.files ?? new Map(), { serverUrl, signal });
  const reports: SectionReport[] = [];
  try {
    for (const { name, run } of sections) {
      const tell = (doing: string): void => output.live.show(`Checking ${name}: ${doing}`);
      output.live.show(`Checking ${name}`);
      reports.push({ name, outcome: await run({ ...loaded, scratch: scratch.open, tell, signal }) });
    }
    return reports;
  } finally {
    output.live.hide();
    loaded.united?.close();
    await scratch.close();
  }
}
