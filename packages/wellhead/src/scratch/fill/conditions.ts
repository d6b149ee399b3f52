// What a condition says about a column, as far as its text shows: the constants in it are the values to try.

import { quoteName } from "./quote.ts";

/** The constants of conditions, as text. */
export interface Constants {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  /** A partition by hash takes one in so many values. */
  readonly isHashed: boolean;
}

export const NO_CONSTANTS: Constants = { texts: [], numbers: [], isHashed: false };

/** Whether a condition, as Postgres prints it, names the column. */
export function mentions(condition: string, column: string): boolean {
  const isPlain = /^[a-z_][a-z0-9_$]*$/u.test(column);
  const code = isPlain ? withoutTexts(condition) : condition;
  // A reserved word is printed in quotes, an ordinary name without.
  return (
    condition.includes(quoteName(column)) ||
    (isPlain && new RegExp(`(?<![\\w$"])${column.replaceAll("$", "\\$")}(?![\\w$"(])`, "u").test(code))
  );
}

/** All constants that stand in the conditions. */
export function constantsIn(conditions: readonly string[]): Constants {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  for (const condition of conditions) {
    for (const [, body = ""] of condition.matchAll(/'((?:[^']|'')*)'/gu)) {
      const text = unescape(body.replaceAll("''", "'"), condition, body);
      texts.add(text);
      const digits = text.replaceAll(/[$,]/gu, "");
      if (/^-?\d+(?:\.\d+)?$/u.test(digits)) numbers.add(Number(digits));
    }
    for (const [digits] of withoutTexts(condition).matchAll(/(?<![\w$".])\d+(?:\.\d+)?(?![\w$"])/gu))
      numbers.add(Number(digits));
  }
  return {
    texts: [...texts],
    numbers: [...numbers].filter(Number.isFinite),
    isHashed: conditions.some((condition) => condition.includes("satisfies_hash_partition")),
  };
}

/** Postgres prints a text with a backslash as `E'…'`, the backslash doubled. */
function unescape(text: string, condition: string, body: string): string {
  return condition.includes(`E'${body}'`) ? text.replaceAll("\\\\", "\\") : text;
}

function withoutTexts(condition: string): string {
  return condition.replaceAll(/'(?:[^']|'')*'/gu, "''");
}
