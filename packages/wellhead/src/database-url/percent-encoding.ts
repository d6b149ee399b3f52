import { DatabaseUrlEncodingError } from "./errors.ts";

/** A `%` that begins no percent sequence. It stays as it is (SQLAlchemy and pg keep it, libpq refuses it). */
export const LONE_PERCENT: RegExp = /%(?![0-9a-f]{2})/i;

/**
 * The text behind percent sequences of UTF-8; `+` is a plus and a lone `%` stays.
 *
 * @throws DatabaseUrlEncodingError `E_DB_URL_ENCODING` when the bytes are not UTF-8 or hold a NUL, which the
 * protocol cannot send
 */
export function decodePercent(text: string, part: string, variable: string): string {
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeRun(run, part, variable));
  return checkSendable(decoded, part, variable);
}

/**
 * The text itself, when Postgres' protocol can carry it.
 *
 * @throws DatabaseUrlEncodingError `E_DB_URL_ENCODING` when it holds a NUL or half a surrogate pair
 */
export function checkSendable(text: string, part: string, variable: string): string {
  if (text.includes("\0"))
    throw new DatabaseUrlEncodingError(variable, part, "holds a NUL, which Postgres cannot take");
  if (!text.isWellFormed())
    throw new DatabaseUrlEncodingError(variable, part, "holds half a Unicode character");
  return text;
}

function decodeRun(run: string, part: string, variable: string): string {
  const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DatabaseUrlEncodingError(variable, part, "has percent sequences that are not UTF-8");
  }
}
