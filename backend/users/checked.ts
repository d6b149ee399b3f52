/** What a rule makes of a field: the value to go on with, or why it is refused, in the words of FastAPI's 422. */
export type Checked<T> =
  | { readonly kind: "accepted"; readonly value: T }
  | { readonly kind: "refused"; readonly type: string; readonly msg: string };

export function refused(type: string, msg: string): Checked<never> {
  return { kind: "refused", type, msg };
}

export function tooShort(minLength: number): Checked<never> {
  return refused("string_too_short", `String should have at least ${minLength} characters`);
}

export function tooLong(maxLength: number): Checked<never> {
  return refused("string_too_long", `String should have at most ${maxLength} characters`);
}

/** Characters as Postgres and Python count them: code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
