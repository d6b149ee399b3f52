import { Command, CommanderError, Option } from "commander";
import { WELLHEAD_VERSION } from "../version.ts";
import type { CommandDefinition, OptionDefinition } from "./command.ts";
import { commands, globalOptions } from "./commands.ts";
import { UsageError } from "./errors.ts";
import type { Streams } from "./output.ts";
import type { CommandLine } from "./plain-command-line.ts";

/** What a command line comes to. */
export type Reading =
  | ({ readonly kind: "command" } & CommandLine)
  /** Somebody asked for help or the version, and it has been written. */
  | { readonly kind: "told" }
  /** There was nothing on it, and the help has been written. */
  | { readonly kind: "empty" }
  | { readonly kind: "wrong"; readonly error: UsageError };

/** Reads any command line; answers what asks for help. */
export async function readCommandLine(argv: readonly string[], streams: Streams): Promise<Reading> {
  let found: CommandLine | undefined;
  const program = createProgram(streams, (commandLine) => {
    found = commandLine;
  });
  if (argv.length === 0) {
    program.outputHelp();
    return { kind: "empty" };
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: "told" } : { kind: "wrong", error: usageError(error, argv) };
  }
  return found === undefined ? { kind: "told" } : { kind: "command", ...found };
}

type Listener = (commandLine: CommandLine) => void;

/** The parser, made from the table of commands. */
function createProgram({ stdout }: Streams, onCommand: Listener): Command {
  const program = new Command("wellhead")
    .description("Migrations as a revision graph, for Postgres. One head. Every write lands.")
    .usage("<command> [options]")
    .version(WELLHEAD_VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help; `wellhead <command> --help` for a command's own")
    .helpCommand("help [command]", "show help of a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => undefined,
      outputError: () => undefined,
    })
    .addHelpText(
      "after",
      '\nExamples:\n  wellhead init\n  wellhead revision -m "add users"\n  wellhead upgrade\n  wellhead graph',
    );
  for (const option of globalOptions) program.addOption(optionOf(option));
  for (const definition of commands) addCommand(program, definition, onCommand);
  return program;
}

function addCommand(program: Command, definition: CommandDefinition, onCommand: Listener): void {
  const command = program
    .command(definition.name)
    .summary(definition.summary)
    .configureHelp({ showGlobalOptions: true })
    .description(sentence(definition))
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", `\nExamples:\n${definition.examples.map((line) => `  ${line}`).join("\n")}`);
  for (const { name, summary } of definition.arguments ?? []) command.argument(name, summary);
  for (const option of definition.options ?? []) command.addOption(optionOf(option));
  command.action(() =>
    onCommand({ definition, arguments: command.args, options: command.optsWithGlobals() }),
  );
}

function sentence({ summary, description }: CommandDefinition): string {
  const first = `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
  return description === undefined ? first : `${first} ${description}`;
}

function optionOf({ flags, summary, repeatable }: OptionDefinition): Option {
  const option = new Option(flags, summary);
  if (repeatable === true)
    option.argParser((value: string, all: readonly string[] | undefined) => [...(all ?? []), value]);
  return option;
}

/** Commander's complaint about a command line as ours: what is wrong, and where to look. */
function usageError(error: CommanderError, argv: readonly string[]): UsageError {
  // Commander has no words for the help of an unknown command.
  const isHelp = error.code === "commander.help";
  const message = isHelp ? `unknown command '${argv.at(-1) ?? ""}'` : error.message;
  const [first = "error", ...rest] = message.replace(/^error: /, "").split("\n");
  const suggestion = /Did you mean (?:one of )?(.+)\?/.exec(rest.join(" "))?.[1];
  const command = argv.find((word) => commands.some(({ name }) => name === word));
  const help = command === undefined ? "wellhead --help" : `wellhead ${command} --help`;
  return new UsageError(
    first,
    suggestion === undefined ? `see \`${help}\`` : `did you mean ${suggestion}? See \`${help}\``,
  );
}
