/** `[branch@][word]±N`, the shape that upgrade and downgrade count steps with. */
export interface RelativeTarget {
  readonly text: string;
  readonly branch: string | undefined;
  /** Where the counting starts: an id, label or symbol. Undefined: the versions of the database. */
  readonly start: string | undefined;
  /** Positive: towards the heads. */
  readonly steps: number;
}

/**
 * Reads a relative target, or gives undefined for an absolute one. As in Alembic, what follows the number is ignored,
 * and an id with anything but letters, digits and `_` cannot be a start.
 */
export function parseRelativeTarget(text: string): RelativeTarget | undefined {
  // The letters of all scripts make a slow pattern, and most targets count no steps.
  if (!/[+-]/.test(text)) return undefined;
  const match = /^(?:(.+?)@)?([\p{L}\p{N}_]+)?([+-]\p{Nd}+)/u.exec(text);
  if (match === null) return undefined;
  const [, branch, start, steps] = match;
  return { text, branch, start, steps: Number(steps) };
}
