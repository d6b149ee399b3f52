/** The values that Alembic's options have in a pyproject.toml. */
export type TomlValue = string | number | boolean | readonly string[];

/**
 * The plain keys of one table of a TOML file: strings, numbers, booleans and lists of strings, which is all that
 * Alembic's options are. Other values are left out.
 *
 * @returns undefined when there is no such table
 * @see https://toml.io/en/v1.0.0
 */
export function readTomlTable(text: string, name: string): ReadonlyMap<string, TomlValue> | undefined {
  const lines = text.split(/\r\n|\n|\r/u);
  const header = lines.findIndex((line) => tableName(line) === name);
  if (header === -1) return undefined;
  const length = lines.slice(header + 1).findIndex((line) => /^\s*\[\[?[^\]]+\]\]?\s*(?:#.*)?$/u.test(line));
  const body = lines.slice(header + 1, length === -1 ? undefined : header + 1 + length).join("\n");
  return readPairs(body);
}

function tableName(line: string): string | undefined {
  const name = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/u.exec(line)?.[1];
  return name?.replaceAll(/[\s"']/gu, "");
}

const basicString = /"(?:[^"\\\n]|\\.)*"/u.source;
const literalString = /'[^'\n]*'/u.source;
const longString = /"""[^]*?"""|'''[^]*?'''/u.source;
const list = `\\[(?:[^\\]"'#]|${basicString}|${literalString}|#[^\\n]*)*\\]`;
const key = /(?:^|\n)[ \t]*(?:"([^"]+)"|'([^']+)'|([\w-]+))[ \t]*=[ \t]*/u.source;
const pair = new RegExp(`${key}(${longString}|${basicString}|${literalString}|${list}|[^\\s#]+)`, "gu");

function readPairs(body: string): ReadonlyMap<string, TomlValue> {
  const values = new Map<string, TomlValue>();
  for (const [, basic, literal, bare, source = ""] of body.matchAll(pair)) {
    const value = readValue(source);
    if (value !== undefined) values.set(basic ?? literal ?? bare ?? "", value);
  }
  return values;
}

function readValue(source: string): TomlValue | undefined {
  if (source === "true" || source === "false") return source === "true";
  if (/^[+-]?\d[\d_]*$/u.test(source)) return Number(source.replaceAll("_", ""));
  if (source.startsWith("[")) {
    const items = source.slice(1, -1).matchAll(new RegExp(`#[^\\n]*|${basicString}|${literalString}`, "gu"));
    return Array.from(items, ([item]) => item)
      .filter((item) => !item.startsWith("#"))
      .map(readString);
  }
  return /^["']/u.test(source) ? readString(source) : undefined;
}

const letters: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\x1B" };

function readString(source: string): string {
  const quotes = /^(?:"""|'''|"|')/u.exec(source)?.[0].length ?? 0;
  const body = source.slice(quotes, source.length - quotes);
  const text = quotes === 3 ? body.replace(/^\n/u, "") : body;
  if (source.startsWith("'")) return text;
  return text.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\n\s*|([^]))/gu,
    (_, short?: string, long?: string, letter?: string) => {
      const code = short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return letter === undefined ? "" : (letters[letter] ?? letter);
    },
  );
}
