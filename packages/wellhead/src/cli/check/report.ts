import type { CheckSection, SectionOutcome } from "./check-section.ts";

/** What a section came to. */
export interface SectionReport {
  readonly name: CheckSection["name"];
  readonly outcome: SectionOutcome;
}

/** What all sections came to. */
export interface CheckReport {
  readonly ok: boolean;
  readonly sections: readonly SectionReport[];
}

export function checkReport(sections: readonly SectionReport[]): CheckReport {
  return { ok: sections.every(holds), sections };
}

/** A section that was not looked at is no failure. */
export function holds({ outcome }: SectionReport): boolean {
  return outcome.kind === "skipped" || outcome.findings.length === 0;
}

/** The report as `--json` prints it. */
export function reportDocument({ ok, sections }: CheckReport): unknown {
  return { ok, sections: sections.map(sectionDocument) };
}

function sectionDocument(report: SectionReport): unknown {
  const { name, outcome } = report;
  if (outcome.kind === "skipped") return { name, ok: true, findings: [], skipped: outcome.reason };
  const { findings, notes = [], patch } = outcome;
  return {
    name,
    ok: holds(report),
    findings,
    ...(notes.length > 0 && { notes }),
    ...(patch !== undefined && { patch }),
  };
}
