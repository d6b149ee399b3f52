import { keepStdoutClean } from "./clean-stdout.ts";
import type { CommandContext, CommandDefinition, CommandOutcome } from "./command.ts";
import { listOption, type CommandOptions } from "./command-options.ts";
import { describeError, errorDocument } from "./error-text.ts";
import { listenForSignals, type Interruption, type ProcessControl } from "./interruption.ts";
import { errorLine } from "./log-lines.ts";
import {
  createOutput,
  hasCursor,
  wantsColor,
  type Output,
  type OutputFormat,
  type OutputOptions,
  type Streams,
} from "./output.ts";
import { personAt } from "./person.ts";
import { readPlainly, type CommandLine } from "./plain-command-line.ts";
import type { Reading } from "./program.ts";
import { UsageError } from "./errors.ts";
import { openWorkspace, shownPath, type Workspace } from "./workspace.ts";

export interface CliSurroundings extends Streams {
  /** Where a person types; default: nobody does. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Default: signals are left to Node. */
  readonly control?: ProcessControl;
}

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs one command line. Resolves to the exit status: 0 done, 1 refused or failed, 2 wrong usage; it never throws. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings): Promise<number> {
  const reading = await read(argv, surroundings);
  switch (reading.kind) {
    case "command":
      return await runCommand(reading, surroundings);
    case "told":
      return DONE;
    case "empty":
      return WRONG_USAGE;
    case "wrong": {
      const output = createOutput(surroundings, outputOptions(formatIn(argv), {}, surroundings));
      tellError(reading.error, output, false);
      return WRONG_USAGE;
    }
  }
}

async function read(argv: readonly string[], surroundings: CliSurroundings): Promise<Reading> {
  const plain = readPlainly(argv);
  if (plain !== undefined) return { kind: "command", ...plain };
  const { readCommandLine } = await import("./program.ts");
  return await readCommandLine(argv, surroundings);
}

async function runCommand(
  { definition, arguments: args, options }: CommandLine,
  surroundings: CliSurroundings,
): Promise<number> {
  const output = createOutput(surroundings, outputOptions(formatOf(options), options, surroundings));
  const { control } = surroundings;
  let interruption: Interruption | undefined;
  const listen = (): AbortSignal | undefined => {
    if (control !== undefined) interruption ??= listenForSignals(control, output);
    return interruption?.signal;
  };
  const person = personAt(surroundings, output);
  const openStdout = output.format === "text" ? undefined : keepStdoutClean();
  let exitCode: number;
  try {
    checkFormat(options);
    checkUrls(definition, options);
    const command = await definition.load();
    const context = contextFor(args, options, output, surroundings);
    exitCode = tell(await command.run({ ...context, ask: person?.ask, interruption: listen }), output);
  } catch (error) {
    tellError(error, output, options["debug"] === true);
    exitCode = error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
  openStdout?.();
  person?.leave();
  interruption?.stop();
  const interrupted = interruption?.exitCode();
  // A revision that was left may wait for something still, and would keep the process.
  if (interrupted !== undefined) control?.exit(interrupted);
  return interrupted ?? exitCode;
}

function tell(outcome: CommandOutcome, output: Output): number {
  output.json(outcome.json);
  output.answer(outcome.lines ?? []);
  return outcome.exitCode ?? DONE;
}

function contextFor(
  args: readonly string[],
  options: CommandOptions,
  output: Output,
  surroundings: CliSurroundings,
): Omit<CommandContext, "interruption" | "ask"> {
  const { cwd, env } = surroundings;
  let workspace: Promise<Workspace> | undefined;
  return {
    arguments: args,
    options,
    output,
    cwd,
    env,
    workspace: async () =>
      await (workspace ??= openWorkspace(options, cwd, env, {
        onRetry: ({ attempt, reason, waitMs }) => {
          output.note(
            `the database does not answer (${reason}); asking again in ${(waitMs / 1000).toFixed(1)} s`,
          );
          output.log({ level: "warn", event: "connecting", attempt, reason, waitMs });
        },
        onRestored: (files) => {
          for (const file of files)
            output.note(`an interrupted rebase is undone: ${shownPath(cwd, file)} is as it was before`);
        },
      })),
  };
}

function tellError(error: unknown, output: Output, hasStack: boolean): void {
  switch (output.format) {
    case "json":
      return output.json(errorDocument(error));
    case "log":
      return output.log(errorLine(error));
    case "text":
      return output.error(describeError(error, { output, hasStack }));
  }
}

function outputOptions(
  format: OutputFormat,
  options: CommandOptions,
  { stdout, env }: CliSurroundings,
): OutputOptions {
  return {
    format,
    isQuiet: options["quiet"] === true,
    hasColor: wantsColor(stdout, env, options["color"] === false),
    hasCursor: hasCursor(stdout, env),
  };
}

function formatOf(options: CommandOptions): OutputFormat {
  if (options["json"] === true) return "json";
  // A plan and SQL are answers, not events.
  const runs = options["plan"] !== true && options["sql"] !== true;
  return options["logFormat"] === "json" && runs ? "log" : "text";
}

/** The format asked for in a command line that does not parse. */
function formatIn(argv: readonly string[]): OutputFormat {
  const isLog = argv.includes("--log-format=json") || argv[argv.indexOf("--log-format") + 1] === "json";
  return formatOf({ json: argv.includes("--json"), ...(isLog && { logFormat: "json" }) });
}

function checkFormat({ json, logFormat }: CommandOptions): void {
  if (logFormat === undefined || logFormat === "text") return;
  if (logFormat !== "json")
    throw new UsageError(`--log-format cannot be "${String(logFormat)}"`, "say text or json");
  if (json === true)
    throw new UsageError(
      "--json cannot be combined with --log-format json",
      "--json prints one document, --log-format json one event a line: choose one",
    );
}

function checkUrls({ name, takesSeveralUrls }: CommandDefinition, options: CommandOptions): void {
  if (takesSeveralUrls === true || listOption(options, "url").length < 2) return;
  throw new UsageError("--url is given more than once", `\`${name}\` speaks of one database: name one`);
}
