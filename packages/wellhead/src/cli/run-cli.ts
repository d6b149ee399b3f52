import { CommanderError } from "commander";
import type { CommandContext, CommandDefinition, CommandOptions, CommandOutcome } from "./command.ts";
import { describeError, errorDocument } from "./error-text.ts";
import { createOutput, wantsColor, type Output, type Streams } from "./output.ts";
import { createProgram, usageError, UsageError } from "./program.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

export interface CliSurroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs one command line. Resolves to the exit status: 0 done, 1 refused or failed, 2 wrong usage; it never throws. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings): Promise<number> {
  let exitCode = DONE;
  const program = createProgram(surroundings, async (definition, args, options) => {
    exitCode = await runCommand(definition, args, options, surroundings);
  });
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return WRONG_USAGE;
    }
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return DONE;
    tellError(usageError(error, argv), outputFor({ json: argv.includes("--json") }, surroundings), false);
    return WRONG_USAGE;
  }
}

async function runCommand(
  definition: CommandDefinition,
  args: readonly string[],
  options: CommandOptions,
  surroundings: CliSurroundings,
): Promise<number> {
  const output = outputFor(options, surroundings);
  try {
    const command = await definition.load();
    const outcome = await command.run(contextFor(args, options, output, surroundings));
    return tell(outcome, output);
  } catch (error) {
    tellError(error, output, options["debug"] === true);
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
}

function tell(outcome: CommandOutcome, output: Output): number {
  if (output.isJson) output.json(outcome.json);
  else output.answer(outcome.lines ?? []);
  return outcome.exitCode ?? DONE;
}

function contextFor(
  args: readonly string[],
  options: CommandOptions,
  output: Output,
  { cwd, env }: CliSurroundings,
): CommandContext {
  let workspace: Promise<Workspace> | undefined;
  return {
    arguments: args,
    options,
    output,
    cwd,
    env,
    workspace: async () =>
      await (workspace ??= openWorkspace(options, cwd, env, ({ reason, waitMs }) => {
        output.note(
          `the database does not answer (${reason}); asking again in ${(waitMs / 1000).toFixed(1)} s`,
        );
      })),
  };
}

function tellError(error: unknown, output: Output, hasStack: boolean): void {
  if (output.isJson) output.json(errorDocument(error));
  else output.error(describeError(error, { output, hasStack }));
}

function outputFor(options: CommandOptions, surroundings: CliSurroundings): Output {
  return createOutput(surroundings, {
    isJson: options["json"] === true,
    isQuiet: options["quiet"] === true,
    hasColor: wantsColor(surroundings.stdout, surroundings.env, options["color"] === false),
  });
}
