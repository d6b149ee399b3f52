import { parseArgs } from "node:util";
import { WellheadError } from "wellhead";

/** What the server was called with. */
export interface Arguments {
  /** What to upgrade the database to before serving; undefined: nothing. */
  readonly upgrade: string | undefined;
}

/** The server was called with something else than its arguments. */
export class UsageError extends WellheadError {
  constructor(cause: unknown) {
    super("E_USAGE", cause instanceof Error ? cause.message : String(cause), {
      hint: "node backend/server.ts [--upgrade TARGET]",
      cause,
    });
  }
}

/**
 * Reads the command line.
 *
 * @throws {UsageError} `E_USAGE`
 */
export function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({ args: [...argv], options: { upgrade: { type: "string" } } });
    return { upgrade: values.upgrade };
  } catch (error) {
    throw new UsageError(error);
  }
}
