import type { CommandOptions } from "./command-options.ts";
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
  /** `--url` can be given several times. */
  readonly takesSeveralUrls?: boolean;
  /** Command lines that work, for `--help`. */
  readonly examples: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

interface ArgumentDefinition {
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

interface CommandModule {
  readonly run: (context: CommandContext) => Promise<CommandOutcome>;
}

/** The answer is undefined when the person has left (Ctrl-C, Ctrl-D). */
export type Ask = (question: string) => Promise<string | undefined>;

/** What a command gets. */
export interface CommandContext {
  /** The arguments by position, those that may repeat as what is left of the list. */
  readonly arguments: readonly string[];
  readonly options: CommandOptions;
  readonly output: Output;
  /** Asks a person and resolves to the answer, trimmed; undefined where nobody is there to answer. */
  readonly ask: Ask | undefined;
  readonly workspace: () => Promise<Workspace>;
  /** Takes Ctrl-C over from here on: aborted when somebody asks the command to end. */
  readonly interruption: () => AbortSignal | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command answers: the lines for people and the document for `--json`. */
export interface CommandOutcome {
  readonly lines?: readonly string[];
  readonly json: unknown;
  /** 0 unless a check does not hold. */
  readonly exitCode?: number;
}
