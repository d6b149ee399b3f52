import { drawMermaid } from "../../../graph/index.ts";
import type { Migrations } from "../../../migrate/index.ts";
import { plural } from "../../words.ts";
import type { Finding, Note } from "../check-section.ts";
import { headsGraph } from "../heads-graph.ts";
import { holds, type CheckReport, type SectionReport } from "../report.ts";
import { placed } from "./text.ts";

/**
 * The report for a comment on a pull request: the verdict first, a line for each section, what was found unfolded, the
 * rest to be unfolded.
 */
export function markdownReport(report: CheckReport, migrations: Migrations | undefined): string[] {
  return [
    `## ${verdict(report)}`,
    "",
    "| | section | |",
    "| --- | --- | --- |",
    ...report.sections.map(row),
    ...report.sections.flatMap(details),
    ...(migrations === undefined ? [] : drawing(migrations)),
  ];
}

function verdict({ ok, sections }: CheckReport): string {
  if (ok) return "✅ wellhead check: everything holds";
  const failed = sections.filter((section) => !holds(section)).map(({ name }) => name);
  return `❌ wellhead check: ${failed.join(", ")} ${failed.length === 1 ? "does" : "do"} not hold`;
}

function row(report: SectionReport): string {
  const { name, outcome } = report;
  if (outcome.kind === "skipped") return `| ⏭️ | ${name} | not looked at: ${cell(outcome.reason)} |`;
  const { findings, summary } = outcome;
  const found = holds(report) ? "" : `**${plural(findings.length, "finding")}**; `;
  return `| ${holds(report) ? "✅" : "❌"} | ${name} | ${found}${cell(summary)} |`;
}

function details(report: SectionReport): string[] {
  const { name, outcome } = report;
  if (outcome.kind === "skipped") return [];
  const { findings, notes = [] } = outcome;
  return [
    ...(findings.length === 0
      ? []
      : folded(`${name}: ${plural(findings.length, "finding")}`, true, findings.flatMap(findingItem))),
    ...(notes.length === 0
      ? []
      : folded(`${name}: ${plural(notes.length, "note")}`, false, notes.flatMap(noteItem))),
  ];
}

function findingItem(finding: Finding): string[] {
  const { code, hint } = finding;
  return [
    `- \`${code}\` ${inItem(placed(finding))}`,
    ...(hint === "" ? [] : [`  <br>hint: ${inItem(hint)}`]),
  ];
}

function noteItem(note: Note): string[] {
  return [`- ${inItem(placed(note))}`];
}

function drawing(migrations: Migrations): string[] {
  const { graph, left } = headsGraph(migrations.graph);
  if (graph.size === 0) return [];
  const more = left === 0 ? "" : `, without ${plural(left, "revision")} below`;
  return folded(`${plural(graph.heads().length, "head")}${more}`, false, [
    "```mermaid",
    ...drawMermaid(graph).trimEnd().split("\n"),
    "```",
  ]);
}

function folded(title: string, isOpen: boolean, lines: readonly string[]): string[] {
  return ["", `<details${isOpen ? " open" : ""}><summary>${title}</summary>`, "", ...lines, "", "</details>"];
}

/** A text that stays in its cell. */
function cell(text: string): string {
  return escaped(text)
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|");
}

/** A text of several lines that stays in its item of a list; what is in backticks stays code. */
function inItem(text: string): string {
  return escaped(text).replaceAll(/\s*\n/g, "<br>\n  ");
}

/** No text of a revision becomes markup: only backticks keep their meaning, and between them nothing has any other. */
function escaped(text: string): string {
  return text
    .split(/(`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*_[\]<>#~]/g, (sign) => `\\${sign}`)))
    .join("");
}
