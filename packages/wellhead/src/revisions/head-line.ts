/** The keys of a head in the order in which they are written. */
export const headKeys = [
  "revision",
  "revises",
  "message",
  "created",
  "labels",
  "depends on",
  "transaction",
  "irreversible",
  "allow",
  "proved",
] as const;

/** The keys that may stand on several lines. */
export const repeatableKeys: readonly string[] = ["allow"];

export type HeadKey = (typeof headKeys)[number];

/** One `key: value` line of a head. `line` counts from 1; `value` is trimmed. */
export interface HeadLine {
  readonly key: HeadKey;
  readonly value: string;
  readonly line: number;
}
