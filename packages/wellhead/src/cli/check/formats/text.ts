import type { Output } from "../../output.ts";
import { plural } from "../../words.ts";
import type { Finding, Note } from "../check-section.ts";
import { holds, type CheckReport, type SectionReport } from "../report.ts";

type Style = Output["style"];

/** The report as lines for a terminal. */
export function textReport({ sections }: CheckReport, style: Style): string[] {
  return sections.flatMap((section) => sectionLines(section, style));
}

function sectionLines(report: SectionReport, style: Style): string[] {
  const { name, outcome } = report;
  if (outcome.kind === "skipped") return [`${style("yellow", "skipped")}  ${name}: ${outcome.reason}`];
  const { findings, summary, notes = [] } = outcome;
  const noted = notes.map((note) => `  note: ${placed(note)}`);
  if (holds(report)) return [`${style("green", "ok")}       ${name}: ${summary}`, ...noted];
  return [
    `${style("red", "failed")}   ${name}: ${plural(findings.length, "finding")}; ${summary}`,
    ...findings.flatMap(findingLines),
    ...noted,
  ];
}

function findingLines(finding: Finding): string[] {
  const { code, hint } = finding;
  return [`  ${code}  ${placed(finding)}`, ...(hint === "" ? [] : [`    hint: ${hint}`])];
}

/** The message behind its place, unless it begins with it. */
export function placed({ message, path, line }: Note): string {
  const place = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}: `;
  return message.startsWith(place) ? message : `${place}${message}`;
}
