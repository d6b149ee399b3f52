import { DatabaseUrlNotAUrlError } from "./errors.ts";
import { collectParameters, isConnectionKeyword, type Parameters } from "./parameters.ts";
import { checkSendable } from "./percent-encoding.ts";

const KEYWORD = /\s*([a-z_]+)\s*=\s*/y;
const QUOTED = /'((?:[^'\\]|\\.)*)'(?=\s|$)/sy;
const BARE = /((?:[^\s'\\]|\\.)*)(?=\s|$)/sy;

/** Whether a text begins like libpq's `host=… dbname=…`; ADO.NET's pairs, which end with semicolons, do not count. */
export function isKeywordValue(text: string): boolean {
  const [, keyword = ""] = /^([a-z_]+)\s*=/.exec(text) ?? [];
  const isAdoNet = /^[^'=]*=[^';]*;[\s\w]+=/.test(text);
  return isConnectionKeyword(keyword) && !isAdoNet;
}

/**
 * Reads libpq's `keyword = value` string: values in single quotes or bare, `\` takes the next character as it is.
 *
 * @throws DatabaseUrlNotAUrlError `E_DB_URL_NOT_A_URL` when a pair is not of that form
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
 */
export function parseKeywordValue(text: string, variable: string): Parameters {
  const pairs: (readonly [string, string])[] = [];
  for (let position = 0; position < text.trimEnd().length;) {
    const keyword = matchAt(KEYWORD, text, position);
    const value = keyword && (matchAt(QUOTED, text, keyword.end) ?? matchAt(BARE, text, keyword.end));
    if (keyword === undefined || value === undefined) {
      throw new DatabaseUrlNotAUrlError(
        variable,
        "it begins like libpq's key=value pairs but does not go on so",
      );
    }
    const part = isConnectionKeyword(keyword.text) ? keyword.text : "parameter value";
    pairs.push([keyword.text, checkSendable(value.text.replace(/\\(.)/gs, "$1"), part, variable)]);
    position = value.end;
  }
  return collectParameters(pairs);
}

function matchAt(
  form: RegExp,
  text: string,
  position: number,
): { readonly text: string; readonly end: number } | undefined {
  form.lastIndex = position;
  const match = form.exec(text);
  return match === null ? undefined : { text: match[1] ?? "", end: form.lastIndex };
}
