import type { Output } from "./output.ts";
import type { Workspace } from "./workspace.ts";

/**
 * A command as data: what help, parsing and completion need to know. The code behind it is loaded only when the
 * command is called.
 */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** A paragraph or two for `--help`, after the summary. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Command lines that work, for `--help`. */
  readonly examples: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

export interface ArgumentDefinition {
  /** As help shows it: `<target>` must be given, `[target]` may be, dots mean several. */
  readonly name: string;
  readonly summary: string;
}

export interface OptionDefinition {
  /** As help shows it: `-m, --message <text>`. */
  readonly flags: string;
  readonly summary: string;
  /** May be given several times; the value is then a list. */
  readonly repeatable?: boolean;
}

export interface CommandModule {
  readonly run: (context: CommandContext) => Promise<CommandOutcome>;
}

/** What a command gets. */
export interface CommandContext {
  /** The arguments by position, those that may repeat as what is left of the list. */
  readonly arguments: readonly string[];
  readonly options: CommandOptions;
  readonly output: Output;
  readonly workspace: () => Promise<Workspace>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The options by their long name in camel case; what was not given is not there. */
export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command answers: the lines for people and the document for `--json`. */
export interface CommandOutcome {
  readonly lines?: readonly string[];
  readonly json: unknown;
  /** 0 unless a check does not hold. */
  readonly exitCode?: number;
}

/** The option's text, where it was given. */
export function textOption(options: CommandOptions, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** The option's texts; none where it was not given. */
export function listOption(options: CommandOptions, name: string): readonly string[] {
  const value = options[name];
  return typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
}

export function flagOption(options: CommandOptions, name: string): boolean {
  return options[name] === true;
}
