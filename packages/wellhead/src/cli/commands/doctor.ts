import { parseDatabaseUrl, parseGivenUrl } from "../../database-url/index.ts";
import type { DoctorCheck, DoctorReport, UrlSource } from "../../database/index.ts";
import { doctor } from "../../migrate/index.ts";
import { listOption } from "../command-options.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import type { Output } from "../output.ts";
import { milliseconds } from "../words.ts";
import { shownPath, type Workspace } from "../workspace.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { env, output } = context;
  const place = await context.workspace();
  const report = await doctor({
    source: urlSource(context, place),
    baseFolder: place.folder,
    env,
    migrations: place.migrations,
    ...place.versionTable,
  });
  return { lines: reportLines(report, output), json: report, exitCode: report.ok ? 0 : 1 };
}

/** The app's way to the database. That of migrations, where it is another one, is named beside it. */
function urlSource({ options, env, cwd }: CommandContext, { databaseOptions, file }: Workspace): UrlSource {
  const { url } = databaseOptions;
  if (url === undefined) return { name: variableIn(env), target: () => parseDatabaseUrl(env) };
  const isFlag = listOption(options, "url").length > 0;
  const name = isFlag ? "--url" : `url in ${file === undefined ? "the configuration" : shownPath(cwd, file)}`;
  return { name, target: () => parseGivenUrl(url, name, env) };
}

function variableIn(env: CommandContext["env"]): string {
  const isSet = (name: string): boolean => (env[name] ?? "").trim() !== "";
  const variable = ["DATABASE_URL", "PGHOST", "PGHOSTADDR"].find(isSet);
  return variable ?? "DATABASE_URL is not set, so the embedded Postgres";
}

function reportLines({ ok, checks, notRun }: DoctorReport, output: Output): string[] {
  return [
    ...checks.flatMap((check) => checkLines(check, output)),
    ...(notRun.length === 0 ? [] : [`${"not run".padEnd(markWidth(output))}  ${notRun.join(", ")}`]),
    "",
    ok ? "A write can land." : output.style("red", "A write could not land."),
  ];
}

function checkLines({ name, ok, detail, durationMs, hint }: DoctorCheck, output: Output): string[] {
  const mark = output.style(ok ? (hint === undefined ? "green" : "yellow") : "red", markOf(ok, output));
  const line = `${mark}  ${name.padEnd(10)}  ${milliseconds(durationMs).padStart(7)}  ${detail}`;
  return hint === undefined ? [line] : [line, `${" ".repeat(markWidth(output))}  hint: ${hint}`];
}

function markOf(ok: boolean, output: Output): string {
  const [good, bad] = output.isTerminal ? ["✓", "✗"] : ["ok", "FAILED"];
  return (ok ? good : bad).padEnd(markWidth(output));
}

function markWidth({ isTerminal }: Output): number {
  return isTerminal ? 1 : 6;
}
