import type { CheckSection, Finding, SectionOutcome } from "../check/check-section.ts";
import { checkSubject } from "../check/check-subject.ts";
import { sections } from "../check/sections.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import type { Output } from "../output.ts";
import { plural } from "../words.ts";

export async function run({ output, workspace }: CommandContext): Promise<CommandOutcome> {
  const subject = await checkSubject(await workspace());
  const reports: Report[] = [];
  for (const section of sections) reports.push({ section, outcome: await section.run(subject) });
  const ok = reports.every(holds);
  return {
    lines: reports.flatMap((report) => lines(report, output)),
    json: { ok, sections: reports.map(document) },
    exitCode: ok ? 0 : 1,
  };
}

interface Report {
  readonly section: CheckSection;
  readonly outcome: SectionOutcome;
}

function holds({ outcome }: Report): boolean {
  return outcome.kind === "skipped" || outcome.findings.length === 0;
}

function document(report: Report): unknown {
  const { section, outcome } = report;
  return {
    name: section.name,
    ok: holds(report),
    findings: outcome.kind === "looked" ? outcome.findings : [],
    ...(outcome.kind === "skipped" && { skipped: outcome.reason }),
  };
}

function lines(report: Report, { style }: Output): string[] {
  const { section, outcome } = report;
  if (outcome.kind === "skipped")
    return [`${style("yellow", "skipped")}  ${section.name}: ${outcome.reason}`];
  const { findings, summary } = outcome;
  if (holds(report)) return [`${style("green", "ok")}       ${section.name}: ${summary}`];
  return [
    `${style("red", "failed")}   ${section.name}: ${plural(findings.length, "finding")}; ${summary}`,
    ...findings.flatMap(findingLines),
  ];
}

function findingLines({ code, message, hint, path, line }: Finding): string[] {
  const place = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}: `;
  const text = message.startsWith(place) ? message : `${place}${message}`;
  return [`  ${code}  ${text}`, ...(hint === "" ? [] : [`    hint: ${hint}`])];
}
