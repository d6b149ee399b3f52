/**
 * What a Python string literal, with its prefix and quotes, stands for; undefined when that cannot be known without
 * Python: bytes, f-strings that hold an expression, characters by their Unicode name.
 *
 * @see https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
 */
export function pythonStringValue(literal: string): string | undefined {
  const [opening = "", prefix = "", quote = ""] = /^([a-zA-Z]*)("""|'''|"|')/u.exec(literal) ?? [];
  // Python reads every line end as \n.
  const body = literal.slice(opening.length, literal.length - quote.length).replaceAll(/\r\n|\r/gu, "\n");
  if (!/^(?:r|u|f|fr|rf)?$/iu.test(prefix)) return undefined;
  if (/f/iu.test(prefix) && /[{}]/u.test(body)) return undefined;
  return /r/iu.test(prefix) ? body : unescape(body);
}

const oneLetter: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape =
  /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\n\\'"abfnrtv])|([xuUN])|[^])/gu;

function unescape(body: string): string | undefined {
  let isKnown = true;
  const text = body.replaceAll(
    escape,
    (all, octal?: string, x?: string, u?: string, U?: string, letter?: string, broken?: string) => {
      if (letter !== undefined) return oneLetter[letter] ?? "";
      const code = octal === undefined ? Number.parseInt(x ?? u ?? U ?? "", 16) : Number.parseInt(octal, 8);
      if (broken !== undefined || code > 0x10ffff) isKnown = false;
      // Python keeps the backslash before a letter that means nothing.
      return Number.isNaN(code) || code > 0x10ffff ? all : String.fromCodePoint(code);
    },
  );
  return isKnown ? text : undefined;
}
