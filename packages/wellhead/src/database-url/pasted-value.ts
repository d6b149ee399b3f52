import { DatabaseUrlMultilineError, DatabaseUrlNotAUrlError } from "./errors.ts";
import { isConnectionKeyword } from "./parameters.ts";

// What surrounds a URL when it is copied from an .env file, a shell, a console's "connect" box, JSON or YAML.
const WRAPPINGS: readonly (readonly [open: string, close: string])[] = [
  ['\\"', '\\"'],
  ["\\'", "\\'"],
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["“", "”"],
  ["‘", "’"],
  ["<", ">"],
];
const QUOTES = new Set(['"', "'", "`", "“", "”", "‘", "’"]);
// Trimmed by nobody else, and invisible: zero-width space and joiners, direction marks, word joiner.
const INVISIBLE = new Set(["\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u2060"]);

const ASSIGNMENT = /^(?:(?:export|set|setx|env)\s+|\$env:|-\s+)?(["']?)([a-z_]\w*)\1\s*(?:=|:\s)\s*/i;
const BEGINS_LIKE_A_URL = /^["'`]?(?:psql\s|jdbc:|sqlite:|pglite:|[a-z][a-z0-9+.-]*:\/\/)/i;
const BEGINS_LIKE_KEYWORDS = /^["'`]?(?:host|dbname|user)\s*=/;
const CLIENT_COMMAND = /^(?:\$\s+)?(?:psql|pgcli|cockroach\s+sql)\s+/;

/**
 * The connection string inside a value as people paste it: without surrounding blanks, quotes, `DATABASE_URL=`, a
 * `psql` command around it, or a trailing comma or semicolon. The empty string where there is none.
 *
 * @throws DatabaseUrlMultilineError `E_DB_URL_MULTILINE` when a line break remains inside
 * @throws DatabaseUrlNotAUrlError `E_DB_URL_NOT_A_URL` when a quote is opened or closed only
 */
export function unwrapPastedValue(value: string, variable: string): string {
  let text = trimmed(value);
  for (let before = ""; before !== text;) {
    before = text;
    text = withoutWrapping(withoutCommand(withoutAssignment(trimmed(text))));
  }
  if (/[\r\n\u0085\u2028\u2029]/.test(text)) throw new DatabaseUrlMultilineError(variable);
  if (hasLoneQuote(text))
    throw new DatabaseUrlNotAUrlError(variable, "a quote at one end has no partner at the other");
  return text;
}

function trimmed(value: string): string {
  // Secrets made with `echo -e` or from JSON may end with the two characters backslash and n.
  let text = value.trim().replace(/(?:\\[nr])+$/, "");
  while (INVISIBLE.has(text.charAt(0))) text = text.slice(1).trimStart();
  while (INVISIBLE.has(text.charAt(text.length - 1))) text = text.slice(0, -1).trimEnd();
  return text;
}

function withoutAssignment(text: string): string {
  const match = ASSIGNMENT.exec(text);
  const name = match?.[2];
  if (match === null || name === undefined || isConnectionKeyword(name)) return text;
  const value = text.slice(match[0].length);
  return BEGINS_LIKE_A_URL.test(value) || BEGINS_LIKE_KEYWORDS.test(value) ? value : text;
}

function withoutCommand(text: string): string {
  const match = CLIENT_COMMAND.exec(text);
  if (match === null) return text;
  // A quote inside a word, as in a password, does not end it.
  const words = text
    .slice(match[0].length)
    .matchAll(/'((?:[^']|'(?!\s|$))*)'(?=\s|$)|"((?:[^"]|"(?!\s|$))*)"(?=\s|$)|(\S+)/g);
  for (const [, single, double, bare] of words) {
    const word = single ?? double ?? bare ?? "";
    if (/^(?:postgres|postgresql):\/\//i.test(word) || /\b(?:host|dbname)\s*=/.test(word))
      return word.replace(/^--?[a-z]+=/, "");
  }
  return text;
}

function withoutWrapping(text: string): string {
  const bare = /^["'`“‘<]|:\/\//.test(text) ? text.replace(/[;,]+$/, "") : text;
  for (const [open, close] of WRAPPINGS) {
    const isWrapped =
      bare.length >= open.length + close.length && bare.startsWith(open) && bare.endsWith(close);
    if (isWrapped) return bare.slice(open.length, -close.length);
  }
  return bare;
}

function hasLoneQuote(text: string): boolean {
  if (QUOTES.has(text.charAt(0))) return true;
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && QUOTES.has(text.charAt(text.length - 1));
}
