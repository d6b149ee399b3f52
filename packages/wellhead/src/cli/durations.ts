import { textOption, type CommandOptions } from "./command-options.ts";
import { UsageError } from "./errors.ts";

/** Postgres keeps its timeouts in a signed 32-bit number of milliseconds. */
const LONGEST_MS = 2_147_483_647;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/**
 * The option's duration in milliseconds, where it was given: seconds (`30`, `1.5`), or with a unit as Postgres writes
 * it (`500ms`, `30s`, `5min`, `1h`).
 *
 * @throws UsageError for anything else
 */
export function durationOption(options: CommandOptions, name: string, flag: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)?$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? 1);
  if (number === undefined || ms > LONGEST_MS)
    throw notThat(flag, text, "a duration", "seconds, as 30 or 1.5, or with a unit: 500ms, 30s, 5min");
  return Math.round(ms);
}

/**
 * The option's whole number, where it was given.
 *
 * @throws UsageError
 */
export function countOption(options: CommandOptions, name: string, flag: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) throw notThat(flag, text, "a count", "a whole number, as 0 or 20");
  return Number(text);
}

function notThat(flag: string, text: string, what: string, hint: string): UsageError {
  return new UsageError(`${flag} needs ${what}, and "${text}" is none`, hint);
}
