import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { flagOption, textOption } from "../command-options.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { UsageError } from "../errors.ts";
import { writing } from "../writing.ts";

/**
 * What `--patch` does with an answer: with a file it writes the patch there; alone it prints the patch on standard
 * output and nothing else there, so that it can go on to `git apply`, and everything else on standard error.
 */
export function withPatch(
  outcome: CommandOutcome,
  patch: string | undefined,
  { options, output, cwd }: Pick<CommandContext, "options" | "output" | "cwd">,
): CommandOutcome {
  const file = textOption(options, "patch");
  if (file === undefined && !flagOption(options, "patch")) return outcome;
  if (patch === undefined) {
    output.note("there is no patch to make");
    return file === undefined ? { ...outcome, lines: asNotes(outcome, output) } : outcome;
  }
  if (file !== undefined) {
    writing(file, () => writeFileSync(resolve(cwd, file), patch));
    output.note(`wrote the patch to ${file}: \`git apply ${file}\``);
    return outcome;
  }
  asNotes(outcome, output);
  return { ...outcome, lines: patch.replace(/\n$/u, "").split("\n") };
}

function asNotes({ lines = [] }: CommandOutcome, output: CommandContext["output"]): string[] {
  for (const line of lines) output.note(line);
  return [];
}

/** `--patch` is about other branches. */
export function checkPatchOption(options: CommandContext["options"]): void {
  if (options["patch"] === undefined || options["git"] !== undefined) return;
  throw new UsageError("--patch goes with --git", "name the other branches: `--git REF…`");
}
