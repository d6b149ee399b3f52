import { expect } from "vitest";
import { DatabaseUrlError, parseDatabaseUrl } from "wellhead/database-url";

export type Environment = Readonly<Record<string, string>>;

/** What an error must and must not say, in its message and hint together. */
export interface ExpectedError {
  readonly code: string;
  readonly mustMention: readonly string[];
  readonly mustNotMention: readonly string[];
}

/** One case: an environment, and the target it gives or the error it meets. */
export type Vector = { readonly name: string; readonly env: Environment; readonly why: string } & (
  | { readonly expect: object }
  | { readonly error: ExpectedError }
);

/** The error that the environment meets. */
export function refusalOf(env: Environment): DatabaseUrlError {
  try {
    parseDatabaseUrl(env);
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** Checks code and words of the refusal, and that no word slips into its JSON either. */
export function expectRefusal(env: Environment, expected: ExpectedError): void {
  const error = refusalOf(env);
  const words = `${error.message}\n${error.hint}`;
  expect(error.code).toBe(expected.code);
  for (const word of expected.mustMention) expect(words).toContain(word);
  for (const word of expected.mustNotMention) {
    expect(words).not.toContain(word);
    expect(JSON.stringify(error)).not.toContain(word);
  }
}
