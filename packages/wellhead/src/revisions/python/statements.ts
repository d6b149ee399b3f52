import { pythonTokens, type PythonToken } from "./tokens.ts";

/** One simple statement, or the first part of a compound one. Never empty. */
export interface PythonStatement {
  readonly tokens: readonly PythonToken[];
  /** Neither indented nor behind an `if …:`, a `def …:` on its line. */
  readonly isTopLevel: boolean;
}

const compoundWords = new Set(
  "if elif else for while try except finally with def class async match case".split(" "),
);

/**
 * The statements of a module in order, and none of those that begin in a line after `lastOffset`.
 *
 * @throws UnterminatedPython
 */
export function* pythonStatements(text: string, lastOffset: number): Generator<PythonStatement> {
  let tokens: PythonToken[] = [];
  let isTopLevel = true;
  let isFirstOfLine = true;
  for (const token of pythonTokens(text)) {
    const isNewline = token.kind === "newline";
    if (isNewline || (token.text === ";" && token.kind === "operator")) {
      if (tokens.length > 0) yield { tokens, isTopLevel };
      tokens = [];
      isFirstOfLine = isNewline;
      if (isNewline && token.offset >= lastOffset) return;
      continue;
    }
    if (isFirstOfLine) isTopLevel = startsTopLevel(text, token);
    isFirstOfLine = false;
    tokens.push(token);
  }
  if (tokens.length > 0) yield { tokens, isTopLevel };
}

function startsTopLevel(text: string, first: PythonToken): boolean {
  const isIndented = first.offset > 0 && !/[\n\r]/u.test(text.charAt(first.offset - 1));
  return !isIndented && !compoundWords.has(first.text);
}
