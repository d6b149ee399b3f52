import type { InputProblem } from "./errors.ts";

/**
 * Finds text that Postgres or a hash cannot hold, in values and in names, at any depth: NUL and lone surrogates. One
 * problem a field of the body, the innermost place is not told.
 */
export function unsafeText(body: unknown): readonly InputProblem[] {
  if (typeof body !== "object" || body === null) return isUnsafeDeep(body) ? [problem([])] : [];
  return Object.entries(body)
    .filter(([name, value]) => isUnsafe(name) || isUnsafeDeep(value))
    .map(([name]) => problem(isUnsafe(name) ? [] : [name]));
}

function problem(field: readonly string[]): InputProblem {
  return {
    type: "string_unicode",
    loc: ["body", ...field],
    msg: "Text must hold neither NUL nor half of a surrogate pair, and this or a field's name does",
  };
}

/** With a stack of its own: a body of 16 KiB can be nested deeper than calls can. */
function isUnsafeDeep(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string" && isUnsafe(next)) return true;
    if (typeof next === "object" && next !== null) left.push(...Object.keys(next), ...Object.values(next));
  }
  return false;
}

function isUnsafe(text: string): boolean {
  return text.includes("\0") || !text.isWellFormed();
}
