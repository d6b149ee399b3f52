import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { WellheadError } from "../../wellhead-error.ts";
import { checkPatchOption, withPatch } from "../branches/patch-option.ts";
import { loadSubject } from "../check/check-subject.ts";
import { annotations, errorAnnotation, quietly } from "../check/formats/github.ts";
import { markdownReport } from "../check/formats/markdown.ts";
import { textReport } from "../check/formats/text.ts";
import { checkReport, reportDocument, type CheckReport } from "../check/report.ts";
import { runSections } from "../check/run-sections.ts";
import { chosenSections } from "../check/sections.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { listOption, textOption } from "../command-options.ts";
import { UsageError } from "../errors.ts";
import type { Migrations } from "../../migrate/index.ts";
import { writing } from "../writing.ts";

const FORMATS = ["text", "json", "markdown", "github"] as const;
type Format = (typeof FORMATS)[number];

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options, output } = context;
  const format = formatOption(textOption(options, "format") ?? "text");
  checkPatchOption(options);
  const refs = listOption(options, "git");
  const sections = chosenSections({
    only: listOption(options, "only"),
    skip: listOption(options, "skip"),
    hasBranches: refs.length > 0,
  });
  try {
    const subject = await loadSubject(await context.workspace(), { refs, cwd: context.cwd });
    const report = checkReport(await runSections(sections, subject, context));
    const patch = report.sections.flatMap(({ outcome }) =>
      outcome.kind === "looked" ? (outcome.patch ?? []) : [],
    )[0];
    const outcome = {
      lines: reportLines(format, report, subject.migrations, context),
      json: reportDocument(report),
      exitCode: report.ok ? 0 : 1,
    };
    return withPatch(outcome, patch, context);
  } catch (error) {
    if (format === "github" && error instanceof WellheadError)
      output.answer([
        errorAnnotation(`wellhead check: ${error.code}`, `${error.message}\nhint: ${error.hint ?? ""}`),
      ]);
    throw error;
  }
}

function formatOption(format: string): Format {
  const known = FORMATS.find((each) => each === format);
  if (known !== undefined) return known;
  throw new UsageError(
    `"${format}" is no format of a report.`,
    `use ${FORMATS.slice(0, -1).join(", ")} or ${FORMATS.at(-1)}`,
  );
}

function reportLines(
  format: Format,
  report: CheckReport,
  migrations: Migrations | undefined,
  { options, output, cwd, env }: CommandContext,
): string[] {
  switch (format) {
    case "text":
      return textReport(report, output.style);
    case "json":
      return [JSON.stringify(reportDocument(report), undefined, 2)];
    case "markdown":
      return markdownReport(report, migrations);
    case "github": {
      const summary = env["GITHUB_STEP_SUMMARY"] ?? "";
      if (summary !== "")
        writing(summary, () => appendFileSync(summary, `${markdownReport(report, migrations).join("\n")}\n`));
      const place = { cwd, root: env["GITHUB_WORKSPACE"] || cwd, refs: listOption(options, "git") };
      const text = textReport(report, (_, words) => words);
      return [...quietly(text, randomBytes(8).toString("hex")), ...annotations(report, place)];
    }
  }
}
