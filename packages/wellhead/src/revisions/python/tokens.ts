// Just enough of Python's lexer to tell a top-level statement from what only looks like one inside a string, a
// comment, brackets or a function. Nothing is run.
//
// See https://docs.python.org/3/reference/lexical_analysis.html

/** One token. `text` is as in the file, a string with its prefix and quotes; `offset` is in UTF-16 units. */
export interface PythonToken {
  /** Inside brackets there is no newline; comments and joined lines are left out. */
  readonly kind: "name" | "string" | "number" | "operator" | "newline";
  readonly text: string;
  readonly offset: number;
}

/** A string or a bracket that the file never ends. It never leaves this room. */
export class UnterminatedPython extends Error {
  readonly what: "string" | "bracket";
  readonly offset: number;

  constructor(what: "string" | "bracket", offset: number) {
    super(`a ${what} never ends`);
    this.what = what;
    this.offset = offset;
  }
}

const pattern = new RegExp(
  [
    /(?<skipped>[ \t\f]+|\\(?:\r\n|\n|\r)|#[^\n\r]*)/u,
    /(?<newline>\r\n|\n|\r)/u,
    /(?<string>[a-zA-Z]{0,2}(?:"""|'''|"|'))/u,
    /(?<name>[\p{L}_\u0080-\uffff][\p{L}\p{N}_\u0080-\uffff]*)/u,
    /(?<number>\d[\w.]*)/u,
    /(?<operator>[-+*/%@&|^<>=!:]+=|[^])/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);

/**
 * The tokens of a module, one by one.
 *
 * @throws UnterminatedPython
 */
export function* pythonTokens(text: string): Generator<PythonToken> {
  const next = new RegExp(pattern);
  const brackets: number[] = [];
  while (next.lastIndex < text.length) {
    const offset = next.lastIndex;
    const { skipped, newline, string, name, number, operator } = next.exec(text)?.groups ?? {};
    if (skipped !== undefined || (newline !== undefined && brackets.length > 0)) continue;
    if (string !== undefined) {
      next.lastIndex = endOfString(text, offset, string);
      yield { kind: "string", text: text.slice(offset, next.lastIndex), offset };
    } else if (newline !== undefined) yield { kind: "newline", text: newline, offset };
    else if (name !== undefined) yield { kind: "name", text: name, offset };
    else if (number !== undefined) yield { kind: "number", text: number, offset };
    else if (operator !== undefined) {
      if (/[([{]/u.test(operator)) brackets.push(offset);
      else if (/[)\]}]/u.test(operator)) brackets.pop();
      yield { kind: "operator", text: operator, offset };
    }
  }
  const open = brackets.at(-1);
  if (open !== undefined) throw new UnterminatedPython("bracket", open);
}

function endOfString(text: string, offset: number, opening: string): number {
  const quote = opening.replace(/^[a-zA-Z]+/u, "");
  // A backslash keeps a quote from ending the string, also in a raw one.
  const stop = quote.length === 3 ? /\\[^]|"""|'''/gu : /\\(?:\r\n|[^])|["'\n\r]/gu;
  stop.lastIndex = offset + opening.length;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (match[0] === quote) return stop.lastIndex;
    if (/^[\n\r]/u.test(match[0])) break;
  }
  throw new UnterminatedPython("string", offset);
}
