import { codePoints, tooLong, type Checked } from "./checked.ts";

/** In characters, as the column counts them. */
export const FULL_NAME_MAX_LENGTH = 256;

/** Reads a name: trimmed, in NFC; whatever people are called is a name, and none at all is the empty string. */
export function parseFullName(text: string): Checked<string> {
  const value = text.normalize("NFC").trim();
  return codePoints(value) > FULL_NAME_MAX_LENGTH
    ? tooLong(FULL_NAME_MAX_LENGTH)
    : { kind: "accepted", value };
}
