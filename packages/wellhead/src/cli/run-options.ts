import type { WellheadConfiguration } from "../configuration/index.ts";
import type { MigrateOptions } from "../migrate/index.ts";
import { textOption, type CommandOptions } from "./command-options.ts";
import { countOption, durationOption } from "./durations.ts";
import { UsageError } from "./errors.ts";

/** What the flags of a run can say. */
export type RunOptions = Pick<
  MigrateOptions,
  "waitForLockMs" | "lockTimeoutMs" | "lockRetries" | "statementTimeoutMs" | "transaction"
>;

/**
 * What these flags say, and the configuration where they do not; what neither says is left to the defaults.
 *
 * @throws UsageError for a value that is none
 */
export function runOptions(options: CommandOptions, configuration: WellheadConfiguration): RunOptions {
  return withoutMissing({
    waitForLockMs: durationOption(options, "waitForLock", "--wait-for-lock"),
    lockTimeoutMs: durationOption(options, "lockTimeout", "--lock-timeout"),
    lockRetries: countOption(options, "lockRetries", "--lock-retries"),
    statementTimeoutMs: durationOption(options, "statementTimeout", "--statement-timeout"),
    transaction: transactionOption(options) ?? configuration.transaction,
  });
}

function transactionOption(options: CommandOptions): "all" | "each" | undefined {
  const mode = textOption(options, "transaction");
  if (mode === undefined || mode === "all" || mode === "each") return mode;
  throw new UsageError(`--transaction cannot be "${mode}"`, "say all or each");
}

/** Without the fields that are undefined: to a strict type left out and undefined differ. */
function withoutMissing<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
