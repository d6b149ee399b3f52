import { WellheadError } from "../wellhead-error.ts";
import type { Output } from "./output.ts";

/** An error as lines for standard error: `error: …`, then `hint: …`; the stack only when asked for. */
export function describeError(
  error: unknown,
  { output, hasStack }: { readonly output: Output; readonly hasStack: boolean },
): string[] {
  const { message, hint } = errorFacts(error);
  return [
    `${output.style("red", "error:")} ${message}`,
    ...(hint === undefined ? [] : [`${output.style("cyan", "hint:")} ${hint}`]),
    ...(hasStack && error instanceof Error ? [error.stack ?? ""] : []),
  ];
}

/** The error as the document that `--json` prints. */
export function errorDocument(error: unknown): unknown {
  if (error instanceof WellheadError) {
    const { code, message, hint } = error;
    return { error: { code, message, hint, ...error.toJSON() } };
  }
  return { error: { code: "E_UNEXPECTED", ...errorFacts(error) } };
}

/** What there is to say to a person, of any error. */
export function errorFacts(error: unknown): { readonly message: string; readonly hint: string | undefined } {
  if (error instanceof WellheadError) return { message: error.message, hint: error.hint };
  return {
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    hint: "this is a fault of Wellhead's; run again with --debug and report what it shows",
  };
}
