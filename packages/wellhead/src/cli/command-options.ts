import { lockModes, lockModeWords, readLockMode, type LockMode } from "../revisions/index.ts";
import { UsageError } from "./errors.ts";

/** The options by their long name in camel case; what was not given is not there. */
export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

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

/** The mode of a lock, in words or as Postgres writes it; undefined where it was not given. */
export function lockModeOption(options: CommandOptions, name: string): LockMode | undefined {
  const text = textOption(options, name);
  const mode = readLockMode(text ?? "");
  if (text === undefined || mode !== undefined) return mode;
  throw new UsageError(
    `"${text}" is no mode of a lock.`,
    `the modes are ${lockModes.map(lockModeWords).join(", ")}`,
  );
}
