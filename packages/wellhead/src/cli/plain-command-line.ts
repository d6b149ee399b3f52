import { parseArgs, type ParseArgsConfig } from "node:util";
import type { CommandDefinition, OptionDefinition } from "./command.ts";
import type { CommandOptions } from "./command-options.ts";
import { commands, globalOptions } from "./commands.ts";

/** A command line that was read: which command, with what. */
export interface CommandLine {
  readonly definition: CommandDefinition;
  readonly arguments: readonly string[];
  readonly options: CommandOptions;
}

/**
 * Reads a command line that begins with a command and holds nothing but what the command takes; undefined for any
 * other, be it one that asks for help or one that is wrong. Those are for the parser of `program.ts`, which knows what
 * to say and takes longer to load than most commands to run. What both read they read alike.
 */
export function readPlainly([name, ...words]: readonly string[]): CommandLine | undefined {
  const definition = commands.find((each) => each.name === name);
  if (definition === undefined || words.some(isShortWithMore)) return undefined;
  const known = [...globalOptions, ...(definition.options ?? [])].flatMap(
    (option) => nameOption(option) ?? [],
  );
  const read = parseStrictly(words, known);
  if (read === undefined || !takes(definition, read.positionals.length)) return undefined;
  const given = known
    .filter((option) => read.values[option.name] !== undefined)
    .map(({ name: long, key, isNegated }) => [key, isNegated ? false : read.values[long]] as const);
  return { definition, arguments: read.positionals, options: Object.fromEntries(given) };
}

/** `-vq`, `-mtext`: several options or a value in one word. Node reads some of them differently. */
function isShortWithMore(word: string): boolean {
  return /^-[^-]./s.test(word);
}

interface NamedOption {
  /** As on the command line, without the dashes. */
  readonly name: string;
  readonly short: string | undefined;
  /** As commands know it: in camel case, `--no-color` as `color`. */
  readonly key: string;
  readonly isNegated: boolean;
  readonly hasValue: boolean;
  readonly repeatable: boolean;
}

/** Undefined for one that may or may not have a value, or several: who uses it is not read plainly. */
function nameOption({ flags, repeatable = false }: OptionDefinition): NamedOption | undefined {
  const [, short, name, value] = /^(?:-(\w), )?--([\w-]+)(?: <([^.>]+)>)?$/.exec(flags) ?? [];
  if (name === undefined) return undefined;
  const isNegated = name.startsWith("no-");
  const key = (isNegated ? name.slice(3) : name).replaceAll(/-(\w)/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
  return { name, short, key, isNegated, hasValue: value !== undefined, repeatable };
}

type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

function parseStrictly(
  args: readonly string[],
  known: readonly NamedOption[],
): { readonly values: Values; readonly positionals: readonly string[] } | undefined {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const { name, short, hasValue, repeatable } of known) {
    options[name] = {
      type: hasValue ? "string" : "boolean",
      multiple: repeatable,
      ...(short !== undefined && { short }),
    };
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true }) as {
      values: Values;
      positionals: string[];
    };
  } catch {
    // It says so of anything that is not as `options` has it; a bug of ours shows in the parser that comes next.
    return undefined;
  }
}

/** Whether a command takes so many arguments: `<needed>`, `[optional]`, `[any...]`. */
function takes({ arguments: takesWhat = [] }: CommandDefinition, count: number): boolean {
  const needed = takesWhat.filter(({ name }) => name.startsWith("<")).length;
  const most = takesWhat.some(({ name }) => name.includes("...")) ? Infinity : takesWhat.length;
  return needed <= count && count <= most;
}
