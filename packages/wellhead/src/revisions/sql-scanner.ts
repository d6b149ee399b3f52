// Just enough of Postgres' lexer to know what is comment, string and code: where a section marker counts, and which
// statements are worth a question to the real parser. It follows psql's own scanner, which also has to know where a
// statement ends without parsing it.
//
// See https://www.postgresql.org/docs/current/sql-syntax-lexical.html

/** A piece of SQL that matters here. Offsets are UTF-16 units in the text. */
export type SqlToken =
  /** `--` to the end of its line. */
  | { readonly kind: "line-comment"; readonly start: number; readonly end: number; readonly depth: number }
  /** A key word or an identifier without quotes. */
  | { readonly kind: "word"; readonly start: number; readonly end: number; readonly depth: number }
  /** The end of a statement. */
  | { readonly kind: "semicolon"; readonly start: number; readonly end: number; readonly depth: 0 }
  /** A backslash in code: a meta command of psql, or its `\.` after COPY's data. */
  | { readonly kind: "backslash"; readonly start: number; readonly end: number; readonly depth: number }
  /** Strings, quoted identifiers, dollar quotes, numbers, operators. */
  | { readonly kind: "other"; readonly start: number; readonly end: number; readonly depth: number }
  /** A string, quoted identifier, dollar quote or comment that the text never ends. */
  | { readonly kind: "unterminated"; readonly start: number; readonly end: number; readonly what: string };

const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/u;
// Block comments nest, and strings can be long: only their beginning is matched here.
const opening = either(/--[^\n\r]*/u, /\/\*|[eE]?'|"/u, dollarQuote);
const word = /(?![eE]')[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/u;
const number = /\$\d+|\d[\w.]*/u;
const wholeDollarQuote = new RegExp(`^${dollarQuote.source}$`, "u");
/** A sign that neither opens nor ends anything. */
const sign = /[^-/'"$()[\];\\\w\s\u0080-\uffff]/u;

const eachToken = either(opening, word, number, /\S/u);
const longPieces = either(
  opening,
  new RegExp(
    `(?:${either(word, number, sign).source})(?:${either(word, number, sign, /\s/u).source}){0,500}`,
    "u",
  ),
  /\S/u,
);

/**
 * Walks through a script. `depth` of a token counts the round and square brackets that are open, and the blocks of
 * a `BEGIN ATOMIC` function body: at depth 0 a semicolon ends a statement, deeper ones are not given.
 */
export function scanSql(text: string): Generator<SqlToken> {
  return scan(text, eachToken);
}

/** The same in fewer steps, for those who look for comments: words, numbers and signs come in long pieces. */
export function scanComments(text: string): Generator<SqlToken> {
  // Words open and end nothing but the body of a BEGIN ATOMIC function.
  return scan(text, /\batomic\b/iu.test(text) ? eachToken : longPieces);
}

function* scan(text: string, tokens: RegExp): Generator<SqlToken> {
  const pattern = new RegExp(tokens.source, "gu");
  const nesting = new Nesting();
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index;
    const first = match[0];
    const end = endOfToken(text, start, first);
    if (end === undefined) {
      yield { kind: "unterminated", start, end: text.length, what: nameOfQuote(first) };
      return;
    }
    pattern.lastIndex = end;
    if (first === "/*") continue;
    const kind = kindOf(first);
    if (kind === "line-comment") {
      yield { kind, start, end, depth: nesting.depth };
      continue;
    }
    nesting.take(first);
    if (kind !== "semicolon") yield { kind, start, end, depth: nesting.depth };
    else if (nesting.depth === 0) yield { kind, start, end, depth: 0 };
  }
}

type CodeKind = "line-comment" | "word" | "semicolon" | "backslash" | "other";

function either(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"), "u");
}

function kindOf(first: string): CodeKind {
  if (first.startsWith("--")) return "line-comment";
  if (first === ";") return "semicolon";
  if (first === "\\") return "backslash";
  if (first.endsWith("'")) return "other";
  return /^[A-Za-z_\u0080-\uffff]/u.test(first) ? "word" : "other";
}

function nameOfQuote(first: string): string {
  if (first === "/*") return "comment";
  if (first.endsWith("'")) return "string";
  return first === '"' ? "quoted identifier" : `dollar quote ${first}`;
}

/** Where the token ends that begins at `start` with `first`; undefined when the text ends first. */
function endOfToken(text: string, start: number, first: string): number | undefined {
  // Whatever opens something ends in one of these.
  if (!"*'\"$".includes(first.charAt(first.length - 1))) return start + first.length;
  if (first === "/*") return endOfBlockComment(text, start);
  if (first === '"') return endOfQuoted(text, start + 1, '"', false);
  if (/^[eE]?'$/u.test(first)) return endOfQuoted(text, start + first.length, "'", first.length === 2);
  if (wholeDollarQuote.test(first)) {
    const close = text.indexOf(first, start + first.length);
    return close === -1 ? undefined : close + first.length;
  }
  return start + first.length;
}

/**
 * Where a quoted text ends; `start` is behind its opening quote. It is not matched as a whole by one regular
 * expression, because a literal can be megabytes long.
 */
function endOfQuoted(text: string, start: number, quote: "'" | '"', hasEscapes: boolean): number | undefined {
  const stop = hasEscapes ? /['\\]/gu : quote === "'" ? /'/gu : /"/gu;
  stop.lastIndex = start;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    // A backslash takes the next character with it, a doubled quote stands for itself.
    const isLast = match[0] === quote && text[stop.lastIndex] !== quote;
    if (isLast && !(hasEscapes && continuesString(text, stop))) return stop.lastIndex;
    if (!isLast) stop.lastIndex += 1;
  }
  return undefined;
}

/**
 * A string goes on in the next string when only a line end is between them; the second of an `E'…'` has escapes too.
 * Moves the pattern behind the opening quote of the second.
 */
function continuesString(text: string, stop: RegExp): boolean {
  // Postgres allows comments in between as well; here one may be a section marker, which ends everything.
  const gap = /[ \t\f\v]*[\n\r]\s*'/uy;
  gap.lastIndex = stop.lastIndex;
  if (!gap.test(text)) return false;
  stop.lastIndex = gap.lastIndex;
  return true;
}

function endOfBlockComment(text: string, start: number): number | undefined {
  const mark = /\/\*|\*\//gu;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return undefined;
}

/** How deep we are in brackets and in the body of a `BEGIN ATOMIC` function. */
class Nesting {
  #brackets = 0;
  #blocks = 0;
  #previousWord = "";

  get depth(): number {
    return this.#brackets + this.#blocks;
  }

  take(first: string): void {
    if (first === "(" || first === "[") this.#brackets += 1;
    else if (first === ")" || first === "]") this.#brackets = Math.max(0, this.#brackets - 1);
    const word = first.toLowerCase();
    if (word === "atomic" && this.#previousWord === "begin") this.#blocks += 1;
    // Inside a body only CASE has an END of its own.
    else if (word === "case" && this.#blocks > 0) this.#blocks += 1;
    else if (word === "end" && this.#blocks > 0) this.#blocks -= 1;
    this.#previousWord = word;
  }
}
