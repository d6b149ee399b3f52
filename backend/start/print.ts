import { WellheadError } from "wellhead";

/** Prints one plain line: what a person reads in a terminal or a platform's log while the backend starts. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Tells on standard error why the backend does not start, and what to do. */
export function printError(error: unknown): void {
  const message =
    error instanceof WellheadError
      ? error.message
      : error instanceof Error
        ? String(error.stack)
        : String(error);
  const hint = error instanceof WellheadError && error.hint !== undefined ? `hint: ${error.hint}\n` : "";
  process.stderr.write(`error: ${message}\n${hint}`);
}
